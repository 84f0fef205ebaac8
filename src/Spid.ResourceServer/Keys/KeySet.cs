using Spid.Client;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Keys;

/// <summary>
/// The keys that SPiD publishes (RFC 7517): fetched when first needed, kept fresh behind the scenes, and kept for a day when that fails. A
/// known key costs one look at an unchanging snapshot.
/// </summary>
internal sealed class KeySet : IDisposable
{
    /// <summary>In milliseconds: how long after a fetch another one would hardly tell more.</summary>
    private const long JustNow = 1_000;

    private readonly MonotonicClock _clock;
    private readonly KeySetState _state;
    private readonly KeySetFetch _fetch;
    private readonly UnknownKeys _unknown;

    public KeySet(VerifierSettings settings, VerifierParts parts)
    {
        _clock = new MonotonicClock(parts.TimeProvider);
        _state = new KeySetState(settings, _clock);
        _fetch = new KeySetFetch(settings, parts, _state);
        _unknown = new UnknownKeys((long)settings.Keys.UnknownKeyInterval.TotalMilliseconds);
        parts.Telemetry.ObserveKeySetAge(() => Age);
    }

    public KeySetStatus Status => _state.Status;

    /// <inheritdoc cref="KeySetState.Age"/>
    public TimeSpan? Age => _state.Age;

    /// <summary>Finds a key, after a fetch when there is no set yet or the id is unknown and a fetch is allowed. Completes synchronously for a known key.</summary>
    public ValueTask<KeyLookup> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        int seen = _state.Attempts;
        if (Find(keyId) is { } key)
        {
            return new(new KeyLookup(key));
        }

        long now = _clock.Now;
        return _state.Usable(now) is { } snapshot
            ? FindUnknownAsync(keyId, snapshot, now, seen, cancellationToken)
            : new(FindAfterFetchAsync(keyId, "first", seen, cancellationToken));
    }

    /// <summary>Finds a key in the set that is at hand, and renews the set in the background when it is due.</summary>
    public SigningKey? Find(string keyId)
    {
        int seen = _state.Attempts;
        long now = _clock.Now;
        if (_state.Usable(now) is not { } snapshot)
        {
            return null;
        }

        if (now >= snapshot.RefreshAt && _state.Pause(now) == TimeSpan.Zero)
        {
            _ = _fetch.StartOrJoin("age", seen, out _);
        }

        return snapshot.Find(keyId);
    }

    /// <summary>Says whether a key is still published: a token verified by one that is not must not be accepted from a cache.</summary>
    public bool IsCurrent(SigningKey key) => ReferenceEquals(Find(key.KeyId), key);

    /// <summary>Fetches the set while the host starts. A failure is logged.</summary>
    public Task WarmUpAsync(CancellationToken cancellationToken) => _fetch.StartOrJoin("warm_up", _state.Attempts, out _).WaitAsync(cancellationToken);

    public void Dispose() => _fetch.Dispose();

    private ValueTask<KeyLookup> FindUnknownAsync(string keyId, KeySetSnapshot snapshot, long now, int seen, CancellationToken cancellationToken)
    {
        if (_unknown.IsKnownToBeAbsent(keyId, now))
        {
            return new(default(KeyLookup));
        }

        if (_state.Pause(now) is { } pause && pause > TimeSpan.Zero)
        {
            return new(new KeyLookup(null, _state.NotNow(pause)));
        }

        // Whoever joins a fetch causes none. A rotation is met by many requests at once, each with a token of its own.
        TimeSpan wait = TimeSpan.Zero;
        if (_fetch.IsUnderWay || _unknown.TryTake(now, out wait))
        {
            return new(FindAfterFetchAsync(keyId, "unknown_key", seen, cancellationToken));
        }

        // A set of this moment has just shown it. An older one is from before a rotation, perhaps, and then the token is good.
        return new(now - snapshot.FetchedAt <= JustNow ? default : new KeyLookup(null, Wait: wait));
    }

    private async Task<KeyLookup> FindAfterFetchAsync(string keyId, string cause, int seen, CancellationToken cancellationToken)
    {
        if (_state.Pause(_clock.Now) is { } pause && pause > TimeSpan.Zero)
        {
            return new KeyLookup(null, _state.NotNow(pause));
        }

        SpidException? error = await _fetch.StartOrJoin(cause, seen, out bool began).WaitAsync(cancellationToken).ConfigureAwait(false);
        long now = _clock.Now;
        if (error is not null || _state.Usable(now) is not { } snapshot)
        {
            return new KeyLookup(null, _state.NotNow(_state.Pause(now)));
        }

        if (snapshot.Find(keyId) is { } key)
        {
            return new KeyLookup(key);
        }

        if (began)
        {
            _unknown.NoteAbsence(keyId, now);
        }

        return default;
    }
}
