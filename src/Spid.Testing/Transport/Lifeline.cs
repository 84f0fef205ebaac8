namespace Spid.Testing.Transport;

/// <summary>Whether the server answers; requests that hang end when it stops.</summary>
internal sealed class Lifeline : IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _source = new();
    private CancellationToken _stopping;
    private bool _running;

    public Lifeline() => _stopping = _source.Token;

    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _running;
            }
        }
    }

    public CancellationToken Stopping
    {
        get
        {
            lock (_gate)
            {
                return _stopping;
            }
        }
    }

    public void Begin()
    {
        lock (_gate)
        {
            if (_source.IsCancellationRequested)
            {
                _source.Dispose();
                _source = new();
                _stopping = _source.Token;
            }

            _running = true;
        }
    }

    public void End()
    {
        CancellationTokenSource source;
        lock (_gate)
        {
            _running = false;
            source = _source;
        }

        source.Cancel();
    }

    public void Dispose() => _source.Dispose();
}
