using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Keys;

/// <summary>
/// The keys that SPiD publishes (RFC 7517): fetched when first needed, kept fresh behind the scenes, and kept for a day when that fails. A
/// known key costs one look at an unchanging snapshot.
/// </summary>
internal sealed class KeySet : IDisposable
{
    private readonly MonotonicClock _clock;
    private readonly KeySetState _state;
    private readonly KeySetFetch _fetch;

    public KeySet(VerifierSettings settings, VerifierParts parts)
    {
        _clock = new MonotonicClock(parts.TimeProvider);
        _state = new KeySetState(settings, _clock);
        _fetch = new KeySetFetch(settings, parts, _state);
        parts.Telemetry.ObserveKeySetAge(() => Age);
    }

    public KeySetStatus Status => _state.Status;

    /// <inheritdoc cref="KeySetState.Age"/>
    public TimeSpan? Age => _state.Age;

    /// <summary>Finds a key, after a fetch when there is no set yet or the id is unknown and a fetch is allowed. Completes synchronously for a known key.</summary>
    public ValueTask<KeyLookup> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        // Read before the look at the set, so that a fetch with a higher number has all that is published by now.
        int started = _state.Started;
        return Find(keyId) is { } key ? new(new KeyLookup(key)) : FindUnknownAsync(keyId, started, cancellationToken);
    }

    /// <summary>Finds a key in the set that is at hand, and renews the set in the background when it is due.</summary>
    public SigningKey? Find(string keyId)
    {
        long now = _clock.Now;
        if (_state.Usable(now) is not { } snapshot)
        {
            return null;
        }

        if (_state.TryStartRefresh(snapshot, now) is { } refresh)
        {
            _fetch.Run(refresh);
        }

        return snapshot.Find(keyId);
    }

    /// <summary>Says whether a key is still published: a token verified by one that is not must not be accepted from a cache.</summary>
    public bool IsCurrent(SigningKey key) => ReferenceEquals(Find(key.KeyId), key);

    /// <summary>Fetches the set while the host starts. A failure is logged.</summary>
    public Task WarmUpAsync(CancellationToken cancellationToken) => _fetch.StartOrJoin("warm_up").Task.WaitAsync(cancellationToken);

    public void Dispose() => _fetch.Dispose();

    /// <summary>Waits for two fetches at most: one that started too early to tell, and one that started later.</summary>
    private async ValueTask<KeyLookup> FindUnknownAsync(string keyId, int started, CancellationToken cancellationToken)
    {
        while (true)
        {
            KeyStep step = _state.Decide(keyId, started);
            if (step.Fetch is not { } fetch)
            {
                return step.Answer;
            }

            if (step.Starts)
            {
                _fetch.Run(fetch);
            }

            if (await fetch.Task.WaitAsync(cancellationToken).ConfigureAwait(false) is not null)
            {
                return _state.Failed(fetch);
            }
        }
    }
}
