namespace Spid.Schedules;

/// <summary>A few operations that run side by side, and what must hold whatever their order.</summary>
/// <param name="Name">The name on the command line, such as <c>token/get-get</c>.</param>
/// <param name="Guarantee">What must hold.</param>
/// <param name="Run">Runs it once; a failed assertion, an exception and a deadlock are bugs.</param>
internal sealed record Scenario(string Name, string Guarantee, Func<Task> Run)
{
    /// <summary>
    /// Gets a value indicating whether each access of a field is a point at which another thread may go on, too. Not where a key of our own is
    /// compared inside a collection of the platform: the thread would stop there within a lock that Coyote does not see.
    /// </summary>
    public bool SeesFields { get; init; }
}
