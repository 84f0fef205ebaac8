// The namespace makes it the nearest ThreadPool for all sources under Spid.
namespace Spid;

/// <summary>Stands for the thread pool in this build: Coyote controls tasks and not work items.</summary>
internal static class ThreadPool
{
    public static bool QueueUserWorkItem<TState>(Action<TState> callBack, TState state, bool preferLocal) => UnsafeQueueUserWorkItem(callBack, state, preferLocal);

    public static bool UnsafeQueueUserWorkItem<TState>(Action<TState> callBack, TState state, bool preferLocal)
    {
        _ = preferLocal;
        _ = Task.Run(() => callBack(state));
        return true;
    }
}
