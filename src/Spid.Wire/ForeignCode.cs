namespace Spid.Wire;

/// <summary>
/// Calls what the application brings along to be told: loggers, and listeners of meters and activities. Their exceptions must not change
/// the outcome of the work that they are told of, so they are swallowed.
/// </summary>
internal static class ForeignCode
{
    public static void Tell<TState>(TState state, Action<TState> call)
    {
        try
        {
            call(state);
        }
        catch (Exception)
        {
            // See above.
        }
    }

    /// <summary>Gives the default of the type when the call throws.</summary>
    public static TResult? Ask<TState, TResult>(TState state, Func<TState, TResult> call)
    {
        try
        {
            return call(state);
        }
        catch (Exception)
        {
            return default;
        }
    }
}
