namespace Spid.Wire;

/// <summary>Stands for the hop of a request to another thread in this build. It is for handlers that block, and would only add steps to explore.</summary>
internal static class OtherThread
{
    public static void Run<TState>(Action<TState> action, TState state) => action(state);
}
