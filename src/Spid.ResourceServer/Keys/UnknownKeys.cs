namespace Spid.ResourceServer.Keys;

/// <summary>
/// Bounds what made-up key ids can cause: a bucket of two fetches that fills by one in each interval, and a list of ids that a fresh key
/// set did not have. Only unknown ids draw from the bucket, so nothing else can use it up.
/// </summary>
internal sealed class UnknownKeys(long interval)
{
    private const int Burst = 2;
    private const int MaximumIds = 128;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _absent = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private long _emptiedBy = long.MinValue / 2;

    /// <summary>Says whether a fetch has lately shown that there is no such key.</summary>
    public bool IsKnownToBeAbsent(string keyId, long now)
    {
        lock (_gate)
        {
            return _absent.TryGetValue(keyId, out long until) && now < until;
        }
    }

    public void NoteAbsence(string keyId, long now)
    {
        lock (_gate)
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
    }

    /// <summary>Takes one fetch from the bucket; else says how long it takes until there is one.</summary>
    public bool TryTake(long now, out TimeSpan wait)
    {
        lock (_gate)
        {
            // The time by which the bucket would be full again stands for what is in it.
            long fullAt = Math.Max(_emptiedBy, now);
            if (fullAt - now > (Burst - 1) * interval)
            {
                wait = TimeSpan.FromMilliseconds(fullAt - now - ((Burst - 1) * interval));
                return false;
            }

            _emptiedBy = fullAt + interval;
            wait = TimeSpan.Zero;
            return true;
        }
    }
}
