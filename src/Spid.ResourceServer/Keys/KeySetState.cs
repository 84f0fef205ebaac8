using Spid.Client;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Keys;

/// <summary>
/// What is known of the keys of one endpoint: the last good key set, the fetch under way, and the limits of further fetches. Options may change
/// meanwhile. Everything changes under one lock, so that no fetch can start or end between the look at the key set and the decision what to do.
/// The clock is read outside of it, as all foreign code is called.
/// </summary>
internal sealed partial class KeySetState : IDisposable
{
    private readonly MonotonicClock _clock;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _lifetime = new();
    private readonly FetchBackoff _backoff = new();
    private readonly UnknownKeys _unknown = new();
    private KeySetSnapshot? _snapshot;
    private SharedFetch? _current;
    private SpidException? _lastError;
    private int _started;
    private bool _isDisposed;

    public KeySetState(MonotonicClock clock)
    {
        _clock = clock;
        Lifetime = _lifetime.Token;
    }

    /// <summary>Gets what ends all fetches.</summary>
    public CancellationToken Lifetime { get; }

    /// <summary>Gets the age of the key set, or <see langword="null"/> while there is none.</summary>
    public TimeSpan? Age => _clock.Now is var now && Usable(now) is { } snapshot ? TimeSpan.FromMilliseconds(now - snapshot.FetchedAt) : null;

    /// <summary>Gets the number of fetches started, which is the number of the latest one. Those with a higher number start after this was read.</summary>
    public int Started => Volatile.Read(ref _started);

    /// <summary>Gets a value indicating whether a fetch is under way.</summary>
    public bool IsUnderWay => Volatile.Read(ref _current) is not null;

    /// <summary>Gets why the latest fetch failed, or <see langword="null"/> when it succeeded.</summary>
    public SpidException? LastError => Volatile.Read(ref _lastError);

    /// <summary>Gives the state for the health check.</summary>
    public KeySetStatus StatusFor(KeySetSettings settings) => (Usable(_clock.Now), LastError) switch
    {
        (null, null) => KeySetStatus.NotNeeded,
        (null, _) => Pause(_clock.Now) > TimeSpan.Zero ? KeySetStatus.Missing : KeySetStatus.Recovering,
        (_, not null) when Age > 2 * settings.RefreshInterval => KeySetStatus.Stale,
        _ => KeySetStatus.Fresh,
    };

    /// <summary>Gives the key set that is at hand. Takes no lock.</summary>
    public KeySetSnapshot? Usable(long now) => Volatile.Read(ref _snapshot) is { } snapshot && now < snapshot.DropAt ? snapshot : null;

    /// <summary>Gives how long it takes until SPiD may be asked again; zero when it may be asked now.</summary>
    public TimeSpan Pause(long now) => _backoff.Left(now);

    /// <summary>Starts a fetch if the set is old enough for that and nothing speaks against it. Takes no lock while it is not.</summary>
    public SharedFetch? TryStartRefresh(KeySetSnapshot snapshot, long now)
    {
        if (now < snapshot.RefreshAt || IsUnderWay || Pause(now) > TimeSpan.Zero)
        {
            return null;
        }

        lock (_gate)
        {
            // Another caller may have started it, and it may even have ended.
            return _snapshot != snapshot || _current is not null || _isDisposed || Pause(now) > TimeSpan.Zero ? null : Start("age", snapshot);
        }
    }

    /// <summary>Joins the fetch under way, or starts one.</summary>
    /// <exception cref="ObjectDisposedException">The key set was disposed.</exception>
    public SharedFetch StartOrJoin(string cause, out bool starts)
    {
        long now = _clock.Now;
        lock (_gate)
        {
            starts = _current is null;
            return _current ?? Start(cause, Usable(now));
        }
    }

    /// <summary>Ends the fetch under way with a key set.</summary>
    public void Take(JwksAnswer answer, KeySetSettings settings)
    {
        long now = _clock.Now;
        var snapshot = KeySetSnapshot.Create(Started, answer, Usable(now), settings, now);
        lock (_gate)
        {
            foreach (SigningKey key in answer.Keys)
            {
                _unknown.Forget(key.KeyId);
            }

            _backoff.Succeeded();
            Volatile.Write(ref _lastError, null);
            Volatile.Write(ref _snapshot, snapshot);
            Volatile.Write(ref _current, null);
        }
    }

    /// <summary>Ends the fetch under way with a failure, after which the endpoint is left alone for a while.</summary>
    public void Fail(SpidException error)
    {
        long now = _clock.Now;
        lock (_gate)
        {
            _backoff.Failed(now, Random.Shared.NextDouble(), Usable(now) is not null, error.RetryAfter ?? TimeSpan.Zero);
            Volatile.Write(ref _lastError, error);
            Volatile.Write(ref _current, null);
        }
    }

    /// <summary>Ends the fetch under way, and lets none start from now on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        _lifetime.Cancel();
        _lifetime.Dispose();
    }

    private SharedFetch Start(string cause, KeySetSnapshot? replaced)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(KeySet));
        Volatile.Write(ref _started, _started + 1);
        var fetch = new SharedFetch(cause, replaced is not null);
        Volatile.Write(ref _current, fetch);
        return fetch;
    }
}
