// The namespace makes it the nearest SemaphoreSlim for all sources under Spid.
namespace Spid;

/// <summary>Stands for the platform's in this build: Coyote's own takes no notice of a cancellation while it waits.</summary>
internal sealed class SemaphoreSlim(int initialCount) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource<bool>> _waiting = new();
    private int _count = initialCount;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = new TaskCompletionSource<bool>();
        lock (_gate)
        {
            if (_count > 0)
            {
                _count--;
                return;
            }

            _waiting.Enqueue(turn);
        }

        using CancellationTokenRegistration leaving = cancellationToken.UnsafeRegister(_ => turn.TrySetCanceled(cancellationToken), null);
        await turn.Task;
    }

    public bool Wait(int milliseconds)
    {
        _ = milliseconds;
        lock (_gate)
        {
            return _count > 0 && _count-- > 0;
        }
    }

    public void Release(int count)
    {
        for (int turn = 0; turn < count; turn++)
        {
            Release();
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out TaskCompletionSource<bool>? turn))
            {
                if (turn.TrySetResult(true))
                {
                    return;
                }
            }

            _count++;
        }
    }

    public void Dispose() => _waiting.Clear();
}
