namespace Spid.Benchmarks.Check;

/// <summary>Something to measure, and the limit that it has to keep.</summary>
internal sealed record Figure(string Name, Func<double> Measure, string Unit, double Goal, bool IsFloor = false)
{
    /// <summary>Measures once.</summary>
    public Reading Read() => new(Name, Measure(), Unit, Goal, IsFloor);
}
