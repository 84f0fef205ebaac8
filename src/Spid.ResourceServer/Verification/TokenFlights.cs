using System.Collections.Concurrent;

namespace Spid.ResourceServer.Verification;

/// <summary>Lets one search run for each token (single flight), and has it remembered unless the token was evicted meanwhile.</summary>
internal sealed class TokenFlights(FactFinder finder, TokenMemory memory, FactsCache cache, TimeSpan timeout, TimeProvider timeProvider) : IDisposable
{
    private readonly ConcurrentDictionary<TokenHash, TokenFlight> _flights = new();
    private readonly CancellationTokenSource _lifetime = new();

    /// <summary>Held while a result is stored and while tokens are evicted, so that a result is stored before an eviction or not at all.</summary>
    private readonly Lock _gate = new();
    private long _evictions;

    /// <summary>Gets the number of searches under way.</summary>
    public int Count => _flights.Count;

    /// <summary>Joins the search for a token, or starts one.</summary>
    /// <exception cref="ObjectDisposedException">The verifier was disposed.</exception>
    public TokenFlight StartOrJoin(in TokenHash hash, TokenSearch search, out bool joined)
    {
        ObjectDisposedException.ThrowIf(_lifetime.IsCancellationRequested, typeof(ISpidTokenVerifier));
        var own = new TokenFlight(cache.Now, Interlocked.Read(ref _evictions));
        TokenFlight flight = _flights.GetOrAdd(hash, own);
        joined = flight != own;
        if (!joined)
        {
            // Neither the starter's cancellation nor its execution context (activity, request) may reach into the shared search.
            ThreadPool.UnsafeQueueUserWorkItem(
                static state => _ = state.Flights.RunAsync(state.Hash, state.Flight, state.Search),
                (Flights: this, Hash: hash, Flight: flight, Search: search),
                preferLocal: true);
        }

        return flight;
    }

    /// <summary>Says whether so much of the time of a search has passed that its failure says little to one who came late.</summary>
    public bool IsLate(TokenFlight flight) => cache.Now - flight.StartedAt > timeout.TotalMilliseconds / 2;

    /// <summary>Searches once more for one who came late to a search that failed; two searches together take no longer than the timeout of one.</summary>
    public async Task<Finding> TryAgainAsync(TokenHash hash, TokenSearch search, Finding failure, long arrivedAt, CancellationToken cancellationToken)
    {
        double left = Math.Max(0, timeout.TotalMilliseconds - (cache.Now - arrivedAt));
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(left), timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await StartOrJoin(hash, search, out _).Task.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return failure;
        }
    }

    /// <summary>Forgets a token, and lets no later caller join a search for it that is under way.</summary>
    public void Evict(in TokenHash hash)
    {
        lock (_gate)
        {
            // The cache first: a search that still finds the token there is listed by then, and so is removed.
            cache.Remove(hash);
            if (_flights.TryRemove(hash, out TokenFlight? flight))
            {
                flight.Evict();
            }
        }
    }

    /// <summary>Forgets the tokens of a client. A search under way may be for one of them, so no result of any is stored.</summary>
    public void EvictClient(string clientId)
    {
        lock (_gate)
        {
            cache.RemoveClient(clientId);
            Interlocked.Increment(ref _evictions);
            foreach (KeyValuePair<TokenHash, TokenFlight> entry in _flights)
            {
                _flights.TryRemove(entry);
            }
        }
    }

    public void Dispose()
    {
        _lifetime.Cancel();
        _lifetime.Dispose();
    }

    private async Task RunAsync(TokenHash hash, TokenFlight flight, TokenSearch search)
    {
        try
        {
            // Its starter may have looked just before an earlier search stored what it found and ended.
            Finding? known = search.IsRefresh ? null : memory.Recall(hash);
            Finding finding = known ?? await finder.FindAsync(search, _lifetime.Token).ConfigureAwait(false);
            if (known is null)
            {
                Remember(hash, flight, finding);
            }

            _flights.TryRemove(new KeyValuePair<TokenHash, TokenFlight>(hash, flight));
            flight.End(finding);
        }
        catch (Exception exception)
        {
            // A logger or listener of the application, or the disposal of the verifier.
            _flights.TryRemove(new KeyValuePair<TokenHash, TokenFlight>(hash, flight));
            flight.End(_lifetime.IsCancellationRequested ? new ObjectDisposedException(nameof(ISpidTokenVerifier)) : exception);
        }
    }

    private void Remember(in TokenHash hash, TokenFlight flight, Finding finding)
    {
        // To store first and to look for an eviction then would let requests in between find the token.
        lock (_gate)
        {
            if (!IsOutdated(flight))
            {
                memory.Remember(hash, finding);
            }
        }
    }

    private bool IsOutdated(TokenFlight flight) => flight.IsEvicted || flight.Evictions != Interlocked.Read(ref _evictions);
}
