using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>Lets so many calls through at once, lets so many wait for their turn, and turns the rest away at once.</summary>
internal sealed class IntrospectionGate(IntrospectionSettings settings) : IDisposable
{
    private readonly Turns _turns = new(settings.MaximumConcurrency);
    private int _maximum = settings.MaximumConcurrency + settings.MaximumQueue;
    private int _inside;

    /// <summary>Waits for a turn; <see langword="false"/> when too many wait already. After <see langword="true"/> the caller must call <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">The turn did not come in time.</exception>
    public async Task<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _inside) > Volatile.Read(ref _maximum))
        {
            Interlocked.Decrement(ref _inside);
            return false;
        }

        try
        {
            await _turns.EnterAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch
        {
            Interlocked.Decrement(ref _inside);
            throw;
        }
    }

    /// <summary>Changes the limits. Calls that run or wait already count under the new ones.</summary>
    public void Resize(IntrospectionSettings changed)
    {
        Volatile.Write(ref _maximum, changed.MaximumConcurrency + changed.MaximumQueue);
        _turns.Resize(changed.MaximumConcurrency);
    }

    public void Leave()
    {
        _turns.Leave();
        Interlocked.Decrement(ref _inside);
    }

    public void Dispose() => _turns.Dispose();
}
