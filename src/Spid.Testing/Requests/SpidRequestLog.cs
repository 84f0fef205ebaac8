namespace Spid.Testing.Requests;

/// <summary>Holds the requests the server received, oldest first.</summary>
/// <remarks>
/// Safe for use from several threads. The log holds secrets and tokens by design: keep it, and
/// servers that real credentials are sent to, out of anything but tests.
/// </remarks>
public sealed class SpidRequestLog
{
    private readonly Lock _gate = new();
    private readonly Queue<SpidRequest> _requests = new();
    private readonly int _capacity;
    private TaskCompletionSource _changed = NewSignal();

    internal SpidRequestLog(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>Gets a snapshot of the requests.</summary>
    public IReadOnlyList<SpidRequest> All => Snapshot();

    /// <summary>Gets how many requests the log holds.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _requests.Count;
            }
        }
    }

    /// <summary>Gets a snapshot of the requests to one endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>The requests, oldest first.</returns>
    public IReadOnlyList<SpidRequest> To(SpidEndpoint endpoint) => [.. Snapshot().Where(request => request.Endpoint == endpoint)];

    /// <summary>Waits until the log holds a number of requests to an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="count">How many; zero or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The requests, which may have no answer yet.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled first.</exception>
    public async Task<IReadOnlyList<SpidRequest>> WaitForAsync(SpidEndpoint endpoint, int count, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            var requests = To(endpoint);
            if (requests.Count >= count)
            {
                return requests;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets all requests.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
        }
    }

    internal void Add(SpidRequest request)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_requests.Count == _capacity)
            {
                _requests.Dequeue();
            }

            _requests.Enqueue(request);
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private List<SpidRequest> Snapshot()
    {
        lock (_gate)
        {
            return [.. _requests];
        }
    }
}
