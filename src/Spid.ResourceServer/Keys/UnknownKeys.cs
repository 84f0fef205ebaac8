namespace Spid.ResourceServer.Keys;

/// <summary>
/// Limits the fetches that unknown key ids can cause: a token bucket of two that gets one more in each interval. An id that a later fetch has
/// not got either waits for an interval after each fetch, and leaves one in the bucket: so ids that come again and again do not use up the fetch
/// that a rotation needs. Guarded by the lock of <see cref="KeySetState"/>.
/// </summary>
internal sealed class UnknownKeys
{
    private const int Burst = 2;
    private const int MaximumIds = 128;

    /// <summary>The ids asked for, each with the number of the latest fetch that had started when it was first asked for.</summary>
    private readonly OrderedDictionary<string, int> _asked = new(StringComparer.Ordinal);

    /// <summary>The time by which the bucket will be full again stands for its content.</summary>
    private long _fullAt = long.MinValue / 2;

    /// <summary>Takes note that an id was asked for that the set at hand has not got.</summary>
    public void Note(string keyId, int started)
    {
        if (_asked.TryAdd(keyId, started) && _asked.Count > MaximumIds)
        {
            _asked.RemoveAt(0);
        }
    }

    /// <summary>Forgets an id that is published now: once it is withdrawn, a fetch has to show that.</summary>
    public void Forget(string keyId) => _asked.Remove(keyId);

    /// <summary>Gives how long it takes until a fetch may be made for an id; zero when it may be made now.</summary>
    /// <param name="keyId">The id.</param>
    /// <param name="snapshot">The set at hand, which has not got it.</param>
    /// <param name="now">The time.</param>
    /// <param name="interval">How long it takes until the bucket gets one more.</param>
    public TimeSpan WaitFor(string keyId, KeySetSnapshot snapshot, long now, long interval)
    {
        bool isAbsent = _asked.TryGetValue(keyId, out int started) && snapshot.Fetch > started;
        long allowedAt = isAbsent ? snapshot.FetchedAt + interval : now;
        int needed = isAbsent ? 2 : 1;
        long filledAt = _fullAt - ((Burst - needed) * interval);
        return TimeSpan.FromMilliseconds(Math.Max(0, Math.Max(allowedAt, filledAt) - now));
    }

    /// <summary>Takes one fetch from the bucket.</summary>
    public void Take(long now, long interval) => _fullAt = Math.Max(_fullAt, now) + interval;
}
