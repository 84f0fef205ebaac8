namespace Spid.Wire;

/// <summary>Lets so many calls go at once. How many may change while calls are under way, and those that began before count under the new limit too.</summary>
internal sealed class Turns(int limit) : IDisposable
{
    private readonly SemaphoreSlim _free = new(limit);
    private readonly Lock _gate = new();
    private int _limit = limit;

    /// <summary>Turns that are taken and will not be free again, because the limit was lowered meanwhile.</summary>
    private int _withdrawn;

    /// <summary>Waits for a turn. After it the caller must call <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">The turn did not come in time.</exception>
    public Task EnterAsync(CancellationToken cancellationToken) => _free.WaitAsync(cancellationToken);

    /// <summary>Gives a turn back.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (_withdrawn > 0)
            {
                _withdrawn--;
            }
            else
            {
                _free.Release();
            }
        }
    }

    /// <summary>Changes how many calls go at once.</summary>
    public void Resize(int changed)
    {
        lock (_gate)
        {
            int missing = changed - _limit - _withdrawn;
            _limit = changed;
            _withdrawn = 0;
            if (missing > 0)
            {
                _free.Release(missing);
                return;
            }

            while (missing < 0 && _free.Wait(0))
            {
                missing++;
            }

            _withdrawn = -missing;
        }
    }

    public void Dispose() => _free.Dispose();
}
