namespace Spid.Wire;

/// <summary>Runs code of the application where it holds no caller. With the context of the caller: the span of a request belongs below the caller's.</summary>
internal static class OtherThread
{
    public static void Run<TState>(Action<TState> action, TState state) => ThreadPool.QueueUserWorkItem(action, state, preferLocal: true);
}
