using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>Lets so many calls through at once, lets so many wait for their turn, and turns the rest away at once.</summary>
internal sealed class IntrospectionGate(IntrospectionSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(settings.MaximumConcurrency);
    private readonly int _maximum = settings.MaximumConcurrency + settings.MaximumQueue;
    private int _inside;

    /// <summary>Waits for a turn; <see langword="false"/> when too many wait already. After <see langword="true"/> the caller must call <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">The turn did not come in time.</exception>
    public async Task<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _inside) > _maximum)
        {
            Interlocked.Decrement(ref _inside);
            return false;
        }

        try
        {
            await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch
        {
            Interlocked.Decrement(ref _inside);
            throw;
        }
    }

    public void Leave()
    {
        _turns.Release();
        Interlocked.Decrement(ref _inside);
    }

    public void Dispose() => _turns.Dispose();
}
