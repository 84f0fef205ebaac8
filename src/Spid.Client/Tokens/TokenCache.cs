using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Spid.Client.Diagnostics;
using Spid.Client.Settings;

namespace Spid.Client.Tokens;

/// <summary>
/// The entries of one client as long as it asks the same server for the same tokens. Authority, client id and the defaults of requests
/// never change, so a key needs only what a request can vary; when one of them changes a new cache starts empty and this one is unreachable.
/// </summary>
internal sealed class TokenCache : IDisposable
{
    /// <summary>How long, in milliseconds, a request that is kept may go without a search. Short beside the time in which a full cache turns over.</summary>
    private const long SearchInterval = 1000;

    private readonly Lock _gate = new();
    private readonly MemoryCache _entries;
    private readonly ConcurrentDictionary<TokenRequest, TokenEntry> _held = new();
    private readonly ConcurrentDictionary<TokenRequest, TokenEntry> _fetching = new();
    private readonly Func<ResilienceSettings> _getResilience;
    private TokenFetcher _fetcher;
    private bool _isDisposed;

    public TokenCache(ClientSettings settings, TokenClientParts parts, ClientTelemetry telemetry, CancellationToken lifetime)
    {
        Parts = parts;
        Telemetry = telemetry;
        Lifetime = lifetime;
        Clock = new MonotonicClock(parts.TimeProvider);
        TokenClock = parts.TokenClock;
        _getResilience = () => Settings.Resilience;
        _fetcher = new TokenFetcher(settings, parts, CreateFailures());
        Reporter = new FetchReporter(settings, parts, telemetry);

        // Without SizeLimit, which could not change at run time: Insert makes room.
        _entries = new MemoryCache(new MemoryCacheOptions { Clock = new UseCounter() });
        Default = Hold(settings.Defaults);
    }

    /// <summary>Gets the settings of now. Only those change that leave tokens what they are.</summary>
    public ClientSettings Settings => Fetcher.Settings;

    public TokenClientParts Parts { get; }

    public ClientTelemetry Telemetry { get; }

    /// <summary>Gets what ends all fetches: the disposal of the client.</summary>
    public CancellationToken Lifetime { get; }

    /// <summary>Gets the clock of pauses and searches.</summary>
    public MonotonicClock Clock { get; }

    /// <summary>Gets the clock by which tokens live and die.</summary>
    public TokenClock TokenClock { get; }

    /// <summary>Gets the failures that concern all entries: refused credentials and rate limits.</summary>
    public FailureMemory Failures => Fetcher.ClientFailures;

    /// <summary>Gets what obtains tokens under the settings of now.</summary>
    public TokenFetcher Fetcher => Volatile.Read(ref _fetcher);

    public FetchReporter Reporter { get; }

    /// <summary>Gets the entry for what the options describe.</summary>
    public TokenEntry Default { get; }

    /// <summary>Gets the entries that are part of the set-up: the default one and those of handlers. They are not evicted while they are.</summary>
    public IEnumerable<TokenEntry> Held => _held.Values;

    /// <summary>
    /// Goes on with settings that ask for the same tokens: living tokens stay, and so do the pauses after failures of the same credentials.
    /// With other credentials every token is refreshed by its next use, in the background, which finds out whether SPiD accepts them.
    /// </summary>
    /// <returns><see langword="false"/> when other settings came in between.</returns>
    public bool TryFollow(ClientSettings settings)
    {
        TokenFetcher current = Fetcher;
        TokenFetcher changed = current.With(settings, CreateFailures);
        if (Interlocked.CompareExchange(ref _fetcher, changed, current) != current)
        {
            return false;
        }

        try
        {
            if (!changed.AuthenticatesAs(current))
            {
                RefreshAll();
            }

            int excess = _entries.Count - settings.Cache.MaximumEntries;
            if (excess > 0)
            {
                _entries.Compact((double)excess / _entries.Count);
            }
        }
        catch (ObjectDisposedException)
        {
            // The client was disposed meanwhile.
        }

        return true;
    }

    /// <summary>Creates the memory of the failures of one entry.</summary>
    public FailureMemory CreateFailures(FailureMemory clientWide) => new(Clock, _getResilience, clientWide);

    /// <summary>Gets the entry of a request that belongs to the set-up, until <see cref="Release"/> has been called as often.</summary>
    public TokenEntry Hold(TokenRequest request)
    {
        TokenRequest effective = request.WithDefaults(Settings.Defaults);
        lock (_gate)
        {
            if (!_held.TryGetValue(effective, out TokenEntry? entry))
            {
                entry = Find(effective) ?? new TokenEntry(this, effective);
                _held[effective] = entry;
            }

            entry.Holders++;
            return entry;
        }
    }

    /// <summary>Takes an entry out of the set-up when its last holder has released it. From then on it can be evicted; it stays findable until it is.</summary>
    public void Release(TokenEntry entry)
    {
        lock (_gate)
        {
            if (--entry.Holders > 0 || _isDisposed)
            {
                return;
            }

            // Inserted first: a caller that comes between the two must not make another one.
            Insert(entry.Request, entry);
            _held.TryRemove(entry.Request, out _);
        }
    }

    /// <summary>Gets the entry of any request. A hit allocates nothing.</summary>
    public TokenEntry Get(TokenRequest request)
    {
        // Searched for now and then all the same: that marks the entry as used, and finds the one that has taken its place.
        if (request.LastEntry is WeakReference<TokenEntry> hint && hint.TryGetTarget(out TokenEntry? last) && ReferenceEquals(last.Cache, this) && Clock.Now - last.SearchedAt < SearchInterval)
        {
            return last;
        }

        TokenEntry entry = Search(request);
        entry.SearchedAt = Clock.Now;
        request.LastEntry = entry.Hint;
        return entry;
    }

    /// <summary>Gets the entry that a token came from, as far as this cache has one.</summary>
    public TokenEntry EntryOf(ServerToken token) => token.Request is { } request && !request.Equals(Default.Request) ? Get(request) : Default;

    /// <summary>
    /// Keeps an entry findable while its fetch is under way, even if it is evicted, so that no second fetch of the same token starts.
    /// Returns the entry that is fetching, which is another one when this entry was evicted and recreated before it could be pinned.
    /// </summary>
    public TokenEntry Pin(TokenEntry entry) => _fetching.GetOrAdd(entry.Request, entry);

    public void Unpin(TokenEntry entry) => _fetching.TryRemove(KeyValuePair.Create(entry.Request, entry));

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _entries.Clear();
            _entries.Dispose();
            Fetcher.Dispose();
        }
    }

    private FailureMemory CreateFailures() => new(Clock, _getResilience);

    private void RefreshAll()
    {
        foreach (TokenEntry entry in _held.Values.Concat(_fetching.Values))
        {
            entry.RefreshAtNextUse();
        }

        foreach (object key in _entries.Keys)
        {
            if (_entries.TryGetValue(key, out TokenEntry? entry))
            {
                entry!.RefreshAtNextUse();
            }
        }
    }

    private TokenEntry Search(TokenRequest request)
    {
        if (!_entries.TryGetValue(request, out TokenEntry? entry))
        {
            return Add(request, known: null);
        }

        // An entry found by a second name is looked up by its own as well, which marks it as used: evicted there it would get a twin.
        return entry!.Request.Equals(request) || IsCurrent(entry) ? entry : Add(request, entry);
    }

    private bool IsCurrent(TokenEntry entry) =>
        (_held.TryGetValue(entry.Request, out TokenEntry? current) || _entries.TryGetValue(entry.Request, out current)) && ReferenceEquals(entry, current);

    private TokenEntry Add(TokenRequest request, TokenEntry? known)
    {
        TokenRequest effective = request.WithDefaults(Settings.Defaults);
        lock (_gate)
        {
            if (!_held.TryGetValue(effective, out TokenEntry? entry))
            {
                entry = Find(effective);
                if (entry is null)
                {
                    entry = known ?? new TokenEntry(this, effective);
                    Insert(effective, entry);
                }
            }

            // A request that leaves something to the options is a second name of the same entry.
            if (!effective.Equals(request) || _held.ContainsKey(effective))
            {
                Insert(request, entry);
            }

            return entry;
        }
    }

    private TokenEntry? Find(TokenRequest effective)
    {
        if (_entries.TryGetValue(effective, out TokenEntry? entry))
        {
            return entry;
        }

        if (_fetching.TryGetValue(effective, out entry))
        {
            Insert(effective, entry);
        }

        return entry;
    }

    private void Insert(TokenRequest key, TokenEntry entry)
    {
        // A full MemoryCache drops the newcomer, so room is made first; least recently used entries go.
        if (_entries.Count >= Settings.Cache.MaximumEntries)
        {
            _entries.Compact(Math.Max(0.05, 1.5 / Settings.Cache.MaximumEntries));
        }

        _entries.Set(key, entry, new MemoryCacheEntryOptions { Size = 1 });
    }
}
