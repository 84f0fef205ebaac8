namespace Spid.Client.Tests.Shared;

/// <summary>
/// One request that is held. It counts only when everything that can end it is in place, and until the moment at which it is ended: while
/// it counts the clock may be moved, and a thread that has not come so far yet would be left behind.
/// </summary>
internal sealed class Stall(Action count, Action discount) : IDisposable
{
    private const int Counted = 1;
    private const int Ended = 2;

    private readonly TaskCompletionSource _over = new();
    private int _state;

    public Task BeginAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Counted, 0) == 0)
        {
            count();
        }

        return _over.Task;
    }

    public void End(bool cancelled)
    {
        switch (Interlocked.Exchange(ref _state, Ended))
        {
            case Counted:
                discount();
                break;
            case Ended:
                return;
            default:
                break;
        }

        if (cancelled)
        {
            _over.TrySetCanceled();
        }
        else
        {
            _over.TrySetResult();
        }
    }

    public void Dispose() => End(cancelled: true);
}
