using System.Runtime.ExceptionServices;

namespace Spid.Wire;

/// <summary>
/// Runs an action one at a time without holding a lock, so that code of the application may be part of it. Requests that arrive while
/// it runs are coalesced into one more run, which begins after all of them: the last run sees the newest state.
/// </summary>
internal sealed class SerialAction(Action action)
{
    private int _requests;

    /// <summary>Runs the action, or leaves it to the thread that runs it already. What the action throws is thrown after the last run.</summary>
    public void Run()
    {
        if (Interlocked.Increment(ref _requests) != 1)
        {
            return;
        }

        ExceptionDispatchInfo? failure = null;
        int seen;
        do
        {
            seen = Volatile.Read(ref _requests);
            try
            {
                action();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }
        while (Interlocked.CompareExchange(ref _requests, 0, seen) != seen);

        failure?.Throw();
    }
}
