using Spid.Client;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Keys;

/// <summary>
/// The last good key set, the fetch under way, and the limits of further fetches. Everything changes under one lock, so that no fetch can
/// start or end between the look at the key set and the decision what to do. The clock is read outside of it, as all foreign code is called.
/// </summary>
internal sealed class KeySetState(VerifierSettings settings, MonotonicClock clock)
{
    private readonly Lock _gate = new();
    private readonly FetchBackoff _backoff = new();
    private readonly UnknownKeys _unknown = new((long)settings.Keys.UnknownKeyInterval.TotalMilliseconds);
    private KeySetSnapshot? _snapshot;
    private SharedFetch? _current;
    private SpidException? _lastError;
    private int _started;
    private bool _isDisposed;

    public KeySetStatus Status => (Usable(clock.Now), LastError) switch
    {
        (null, null) => KeySetStatus.NotNeeded,
        (null, _) => Pause(clock.Now) > TimeSpan.Zero ? KeySetStatus.Missing : KeySetStatus.Recovering,
        (_, not null) when Age > 2 * settings.Keys.RefreshInterval => KeySetStatus.Stale,
        _ => KeySetStatus.Fresh,
    };

    /// <summary>Gets the age of the key set, or <see langword="null"/> while there is none.</summary>
    public TimeSpan? Age => clock.Now is var now && Usable(now) is { } snapshot ? TimeSpan.FromMilliseconds(now - snapshot.FetchedAt) : null;

    /// <summary>Gets the number of fetches started, which is the number of the latest one. Those with a higher number start after this was read.</summary>
    public int Started => Volatile.Read(ref _started);

    /// <summary>Gets a value indicating whether a fetch is under way.</summary>
    public bool IsUnderWay => Volatile.Read(ref _current) is not null;

    /// <summary>Gets why the latest fetch failed, or <see langword="null"/> when it succeeded.</summary>
    public SpidException? LastError => Volatile.Read(ref _lastError);

    /// <summary>Gives the key set that is at hand. Takes no lock.</summary>
    public KeySetSnapshot? Usable(long now) => Volatile.Read(ref _snapshot) is { } snapshot && now < snapshot.DropAt ? snapshot : null;

    /// <summary>Gives how long it takes until SPiD may be asked again; zero when it may be asked now.</summary>
    public TimeSpan Pause(long now) => _backoff.Left(now);

    /// <summary>Decides what an unknown key id leads to. This is the only place that does; decision 12 gives the reasons.</summary>
    /// <param name="keyId">The key id, which was not in the set when the caller looked.</param>
    /// <param name="started">How many fetches had been <see cref="Started"/> when the caller asked.</param>
    /// <exception cref="ObjectDisposedException">The key set was disposed.</exception>
    public KeyStep Decide(string keyId, int started)
    {
        long now = clock.Now;
        lock (_gate)
        {
            KeySetSnapshot? snapshot = Usable(now);
            if (snapshot?.Find(keyId) is { } key)
            {
                // A fetch has ended since the caller looked.
                return new(new KeyLookup(key));
            }

            if (snapshot?.Fetch > started)
            {
                // Absent (401). Only a fetch that started after the caller asked shows that: an earlier one may not have what has been published since.
                _unknown.NoteAbsence(keyId, now);
                return new(default(KeyLookup));
            }

            if (_current is not null)
            {
                // To join a fetch causes none, so it costs nothing. If it started too early to tell, the caller comes back.
                return new(default, _current);
            }

            if (Pause(now) > TimeSpan.Zero)
            {
                // The endpoint fails or asks to be left alone (503).
                return new(NotNow(snapshot is not null, now));
            }

            if (snapshot is not null && (_unknown.IsKnownToBeAbsent(keyId, now, out TimeSpan wait) || !_unknown.TryTake(now, out wait)))
            {
                // A fetch was made for this id a moment ago, or made-up ids have used up the fetches that they may cause (503).
                return new(new KeyLookup(null, Wait: wait));
            }

            return new(default, Start(snapshot is null ? "first" : "unknown_key", snapshot), Starts: true);
        }
    }

    /// <summary>Answers a caller whose fetch has failed.</summary>
    public KeyLookup Failed(SharedFetch fetch) => NotNow(fetch.ReplacesSet, clock.Now);

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
        long now = clock.Now;
        lock (_gate)
        {
            starts = _current is null;
            return _current ?? Start(cause, Usable(now));
        }
    }

    /// <summary>Ends the fetch under way with a key set.</summary>
    public void Take(JwksAnswer answer)
    {
        long now = clock.Now;
        var snapshot = KeySetSnapshot.Create(Started, answer, Usable(now), settings.Keys, now);
        lock (_gate)
        {
            _backoff.Succeeded();
            Volatile.Write(ref _lastError, null);
            Volatile.Write(ref _snapshot, snapshot);
            Volatile.Write(ref _current, null);
        }
    }

    /// <summary>Ends the fetch under way with a failure, after which the endpoint is left alone for a while.</summary>
    public void Fail(SpidException error)
    {
        long now = clock.Now;
        lock (_gate)
        {
            _backoff.Failed(now, Random.Shared.NextDouble(), error.RetryAfter ?? TimeSpan.Zero);
            Volatile.Write(ref _lastError, error);
            Volatile.Write(ref _current, null);
        }
    }

    /// <summary>Gives the failure as it stands, with the time until the next attempt.</summary>
    public SpidException NotNow(TimeSpan wait)
    {
        SpidException? last = LastError;
        return new SpidException(last?.Kind ?? SpidErrorKind.Transient, last?.Message ?? $"{Failures.NameOf(settings.JwksEndpoint)} is not asked again so soon.", statusCode: last?.SpidStatusCode)
        {
            RetryAfter = wait > TimeSpan.Zero ? wait : null,
        };
    }

    /// <summary>Lets no fetch start from now on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }
    }

    private SharedFetch Start(string cause, KeySetSnapshot? replaced)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(KeySet));
        Volatile.Write(ref _started, _started + 1);
        var fetch = new SharedFetch(cause, replaced is not null);
        Volatile.Write(ref _current, fetch);
        return fetch;
    }

    /// <summary>With a key set at hand an id that it lacks waits, for introspection would mean a call for each id that is made up.</summary>
    private KeyLookup NotNow(bool hasSet, long now)
    {
        TimeSpan wait = Pause(now);
        return hasSet ? new KeyLookup(null, Wait: wait) : new KeyLookup(null, NotNow(wait));
    }
}
