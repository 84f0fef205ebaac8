namespace Spid.ResourceServer.Keys;

/// <summary>
/// Limits the fetches that unknown key ids can cause: a token bucket of two that gets one more in each interval, and a list of ids that a
/// fetch has lately shown to be absent, which cause none. So one stray id cannot use up the fetches that a rotation needs. Guarded by the
/// lock of <see cref="KeySetState"/>.
/// </summary>
internal sealed class UnknownKeys(long interval)
{
    private const int Burst = 2;
    private const int MaximumIds = 128;

    private readonly Dictionary<string, long> _absent = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private long _fullAt = long.MinValue / 2;

    /// <summary>Says whether a fetch has lately shown that there is no such key, and how long it takes until another fetch may be made for it.</summary>
    public bool IsKnownToBeAbsent(string keyId, long now, out TimeSpan wait)
    {
        wait = _absent.TryGetValue(keyId, out long until) && now < until ? TimeSpan.FromMilliseconds(until - now) : TimeSpan.Zero;
        return wait > TimeSpan.Zero;
    }

    public void NoteAbsence(string keyId, long now)
    {
        if (_absent.TryAdd(keyId, now + interval))
        {
            _order.Enqueue(keyId);
        }
        else
        {
            _absent[keyId] = now + interval;
        }

        if (_order.Count > MaximumIds)
        {
            _absent.Remove(_order.Dequeue());
        }
    }

    /// <summary>Takes one fetch from the bucket; else says how long it takes until there is one.</summary>
    public bool TryTake(long now, out TimeSpan wait)
    {
        // The time by which the bucket would be full again stands for its content.
        long fullAt = Math.Max(_fullAt, now);
        if (fullAt - now > (Burst - 1) * interval)
        {
            wait = TimeSpan.FromMilliseconds(fullAt - now - ((Burst - 1) * interval));
            return false;
        }

        _fullAt = fullAt + interval;
        wait = TimeSpan.Zero;
        return true;
    }
}
