using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Keys;

/// <summary>
/// The keys that SPiD publishes (RFC 7517): fetched when first needed, kept fresh behind the scenes, and kept for a day when that fails. A
/// known key costs one look at an unchanging snapshot.
/// </summary>
internal sealed class KeySet : IDisposable
{
    private readonly VerifierSettings _settings;
    private readonly VerifierParts _parts;
    private readonly MonotonicClock _clock;
    private readonly KeySetState _state;
    private readonly KeySetFetch _fetch;

    public KeySet(VerifierSettings settings, VerifierParts parts)
        : this(settings, parts, new KeySetState(new MonotonicClock(parts.TimeProvider)))
    {
    }

    private KeySet(VerifierSettings settings, VerifierParts parts, KeySetState state)
    {
        _settings = settings;
        _parts = parts;
        _clock = new MonotonicClock(parts.TimeProvider);
        _state = state;
        _fetch = new KeySetFetch(settings, parts, state);
        parts.Telemetry.ObserveKeySetAge(() => Age);
    }

    public KeySetStatus Status => _state.StatusFor(_settings.Keys);

    /// <inheritdoc cref="KeySetState.Age"/>
    public TimeSpan? Age => _state.Age;

    /// <inheritdoc cref="KeySetState.Started"/>
    public int Started => _state.Started;

    /// <summary>
    /// Creates the key set of changed settings. The last good set, the fetch under way and the limits of further ones stay, as long as it is the same set of the
    /// same authority, read for the same algorithms.
    /// </summary>
    public KeySet With(VerifierSettings changed) => changed.HasSameKeysAs(_settings) ? new KeySet(changed, _parts, _state) : new KeySet(changed, _parts);

    /// <summary>Finds a key, after a fetch when there is no set yet or the id is unknown and a fetch is allowed. Completes synchronously for a known key.</summary>
    public ValueTask<KeyLookup> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        // Read before the look at the set, so that a fetch with a higher number has all that is published by now.
        int started = _state.Started;
        return Find(keyId) is { } key ? new(KeyLookup.Found(key)) : FindUnknownAsync(keyId, started, cancellationToken);
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

    /// <inheritdoc cref="KeySetState.ShowsAbsence"/>
    public bool ShowsAbsence(string keyId, int started) => _state.ShowsAbsence(keyId, started);

    /// <summary>Fetches the set while the host starts. A failure is logged.</summary>
    public Task WarmUpAsync(CancellationToken cancellationToken) => _fetch.StartOrJoin("warm_up").Task.WaitAsync(cancellationToken);

    public void Dispose() => _state.Dispose();

    /// <summary>Waits for two fetches at most: one that started too early to tell, and one that started later.</summary>
    private async ValueTask<KeyLookup> FindUnknownAsync(string keyId, int started, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_settings.PatienceForKeys, _parts.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            while (true)
            {
                KeyStep step = _state.Decide(keyId, started, _settings.Keys);
                if (step.Fetch is not { } fetch)
                {
                    return step.Answer;
                }

                if (step.Starts)
                {
                    _fetch.Run(fetch);
                }

                if (await fetch.Task.WaitAsync(linked.Token).ConfigureAwait(false) is not null)
                {
                    return _state.Failed(fetch);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return _state.TimedOut(_settings.Keys);
        }
    }
}
