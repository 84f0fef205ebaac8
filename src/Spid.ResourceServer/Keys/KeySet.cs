using System.Collections.Frozen;
using Spid.Client;
using Spid.ResourceServer.Diagnostics;
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

    private readonly VerifierSettings _settings;
    private readonly VerifierParts _parts;
    private readonly MonotonicClock _clock;
    private readonly JwksEndpoint _endpoint;
    private readonly UnknownKeys _unknown;
    private readonly FetchBackoff _backoff = new();
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _lifetime = new();
    private Task<SpidException?>? _fetch;
    private KeySetSnapshot? _snapshot;
    private SpidException? _lastError;
    private int _ended;

    public KeySet(VerifierSettings settings, VerifierParts parts)
    {
        _settings = settings;
        _parts = parts;
        _clock = new MonotonicClock(parts.TimeProvider);
        _endpoint = new JwksEndpoint(settings, parts);
        _unknown = new UnknownKeys((long)settings.Keys.UnknownKeyInterval.TotalMilliseconds);
        parts.Telemetry.ObserveKeySetAge(() => Age);
    }

    public KeySetStatus Status => (Usable(_clock.Now), Volatile.Read(ref _lastError)) switch
    {
        (null, null) => KeySetStatus.NotNeeded,
        (null, _) => _backoff.Left(_clock.Now) > TimeSpan.Zero ? KeySetStatus.Missing : KeySetStatus.Recovering,
        (_, not null) when Age > 2 * _settings.Keys.RefreshInterval => KeySetStatus.Stale,
        _ => KeySetStatus.Fresh,
    };

    /// <summary>Gets the age of the key set, or <see langword="null"/> while there is none.</summary>
    public TimeSpan? Age => _clock.Now is var now && Usable(now) is { } snapshot ? TimeSpan.FromMilliseconds(now - snapshot.FetchedAt) : null;

    /// <summary>Finds a key, after a fetch when there is no set yet or the id is unknown and a fetch is allowed. Completes synchronously for a known key.</summary>
    public ValueTask<KeyLookup> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        int ended = Volatile.Read(ref _ended);
        if (Find(keyId) is { } key)
        {
            return new(new KeyLookup(key));
        }

        long now = _clock.Now;
        return Usable(now) is { } snapshot
            ? FindUnknownAsync(keyId, snapshot, now, ended, cancellationToken)
            : new(FindAfterFetchAsync(keyId, "first", ended, cancellationToken));
    }

    /// <summary>Finds a key in the set that is at hand, and renews the set in the background when it is due.</summary>
    public SigningKey? Find(string keyId)
    {
        int ended = Volatile.Read(ref _ended);
        long now = _clock.Now;
        if (Usable(now) is not { } snapshot)
        {
            return null;
        }

        if (now >= snapshot.RefreshAt && _backoff.Left(now) == TimeSpan.Zero)
        {
            _ = StartOrJoin("age", ended);
        }

        return snapshot.Find(keyId);
    }

    /// <summary>Says whether a key is still published: a token verified by one that is not must not be accepted from a cache.</summary>
    public bool IsCurrent(SigningKey key) => ReferenceEquals(Find(key.KeyId), key);

    /// <summary>Fetches the set while the host starts. A failure is logged.</summary>
    public Task WarmUpAsync(CancellationToken cancellationToken) => StartOrJoin("warm_up", Volatile.Read(ref _ended)).WaitAsync(cancellationToken);

    public void Dispose()
    {
        _lifetime.Cancel();
        _lifetime.Dispose();
    }

    private KeySetSnapshot? Usable(long now) => Volatile.Read(ref _snapshot) is { } snapshot && now < snapshot.DropAt ? snapshot : null;

    private ValueTask<KeyLookup> FindUnknownAsync(string keyId, KeySetSnapshot snapshot, long now, int ended, CancellationToken cancellationToken)
    {
        if (_unknown.IsKnownToBeAbsent(keyId, now))
        {
            return new(default(KeyLookup));
        }

        if (_backoff.Left(now) is { } pause && pause > TimeSpan.Zero)
        {
            return new(new KeyLookup(null, NotNow(pause)));
        }

        if (_unknown.TryTake(now, out TimeSpan wait))
        {
            return new(FindAfterFetchAsync(keyId, "unknown_key", ended, cancellationToken));
        }

        // A set of this moment has just shown it. An older one is from before a rotation, perhaps, and then the token is good.
        return new(now - snapshot.FetchedAt <= JustNow ? default : new KeyLookup(null, Wait: wait));
    }

    private async Task<KeyLookup> FindAfterFetchAsync(string keyId, string cause, int ended, CancellationToken cancellationToken)
    {
        if (_backoff.Left(_clock.Now) is { } pause && pause > TimeSpan.Zero)
        {
            return new KeyLookup(null, NotNow(pause));
        }

        SpidException? error = await StartOrJoin(cause, ended).WaitAsync(cancellationToken).ConfigureAwait(false);
        long now = _clock.Now;
        if (error is not null || Usable(now) is not { } snapshot)
        {
            return new KeyLookup(null, NotNow(_backoff.Left(now)));
        }

        if (snapshot.Find(keyId) is { } key)
        {
            return new KeyLookup(key);
        }

        _unknown.NoteAbsence(keyId, now);
        return default;
    }

    /// <summary>The failure as it stands, with the time until the next attempt.</summary>
    private SpidException NotNow(TimeSpan wait)
    {
        SpidException? last = Volatile.Read(ref _lastError);
        return new SpidException(last?.Kind ?? SpidErrorKind.Transient, last?.Message ?? $"{_settings.JwksEndpoint} is not asked again so soon.", statusCode: last?.SpidStatusCode)
        {
            RetryAfter = wait > TimeSpan.Zero ? wait : null,
        };
    }

    /// <param name="cause">Why.</param>
    /// <param name="ended">How many fetches had ended when the caller looked at what they left: one that has ended since then is as good as one to join.</param>
    private Task<SpidException?> StartOrJoin(string cause, int ended)
    {
        ObjectDisposedException.ThrowIf(_lifetime.IsCancellationRequested, this);
        TaskCompletionSource<SpidException?> completion;
        lock (_gate)
        {
            if (_fetch is not null)
            {
                return _fetch;
            }

            if (_ended != ended)
            {
                return Task.FromResult(_lastError);
            }

            completion = new TaskCompletionSource<SpidException?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _fetch = completion.Task;
        }

        // The fetch belongs to nobody who waits for it: neither their cancellation nor their context may reach into it.
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Set.RunAsync(state.Cause, state.Completion), (Set: this, Cause: cause, Completion: completion), preferLocal: false);
        return completion.Task;
    }

    private async Task RunAsync(string cause, TaskCompletionSource<SpidException?> completion)
    {
        SpidException? error = null;
        try
        {
            JwksAnswer answer = await _endpoint.FetchAsync(_lifetime.Token).ConfigureAwait(false);
            Take(answer, completion.Task);
            _parts.Telemetry.KeySetRefreshed(cause, succeeded: true);
            Log.KeySetFetched(_parts.Logger, _settings.Name, answer.Keys.Length, answer.Skipped);
            if (answer.Ambiguous > 0)
            {
                Log.KeysAmbiguous(_parts.Logger, _settings.Name, answer.Ambiguous);
            }
        }
        catch (SpidException exception)
        {
            error = exception;
            Fail(exception, cause, completion.Task);
        }
        catch (Exception exception)
        {
            // A logger or listener of the application failed, or the set was disposed.
            error = Failures.Unreachable(_settings.JwksEndpoint, $"the fetch ended ({exception.GetType().Name})");
        }
        finally
        {
            lock (_gate)
            {
                End(completion.Task);
            }

            completion.SetResult(error);
        }
    }

    /// <summary>Ends a fetch, unless that has happened. Called under the lock that publishes what came of it, for whoever sees that must not join it.</summary>
    private void End(Task<SpidException?> fetch)
    {
        if (_fetch == fetch)
        {
            _fetch = null;
            _ended++;
        }
    }

    /// <summary>A key that stays the same stays the same object, so that what it has vouched for stands.</summary>
    private void Take(JwksAnswer answer, Task<SpidException?> fetch)
    {
        long now = _clock.Now;
        KeySetSnapshot? old = Usable(now);
        FrozenDictionary<string, SigningKey> keys = answer.Keys.ToFrozenDictionary(
            key => key.KeyId, key => old?.Find(key.KeyId) is { } known && known.IsSameAs(key) ? known : key, StringComparer.Ordinal);
        double interval = _settings.Keys.RefreshInterval.TotalMilliseconds * (0.9 + (0.2 * Random.Shared.NextDouble()));
        lock (_gate)
        {
            _backoff.Succeeded();
            Volatile.Write(ref _lastError, null);
            Volatile.Write(ref _snapshot, new KeySetSnapshot(keys, now, now + (long)interval, now + (long)_settings.Keys.LastGoodMaximumAge.TotalMilliseconds));
            End(fetch);
        }
    }

    private void Fail(SpidException error, string cause, Task<SpidException?> fetch)
    {
        long now = _clock.Now;
        lock (_gate)
        {
            _backoff.Failed(now, Random.Shared.NextDouble(), error.RetryAfter ?? TimeSpan.Zero);
            Volatile.Write(ref _lastError, error);
            End(fetch);
        }

        _parts.Telemetry.KeySetRefreshed(cause, succeeded: false);
        string status = error.SpidStatusCode is { } code ? ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture) : "none";
        if (Usable(now) is null)
        {
            Log.KeySetMissing(_parts.Logger, _settings.Name, error.Kind, status);
        }
        else
        {
            Log.KeySetNotRefreshed(_parts.Logger, _settings.Name, error.Kind, status, (long)Age.GetValueOrDefault().TotalSeconds);
        }
    }
}
