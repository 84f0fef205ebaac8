namespace Spid.ResourceServer.Keys;

/// <summary>
/// The growing pause after failed fetches, for every cause of a fetch: 1 second to 1 minute, with jitter; to 10 seconds while there is no key set
/// and all tokens wait for one. Read by all, and changed under the lock of <see cref="KeySetState"/>.
/// </summary>
internal sealed class FetchBackoff
{
    private const double Shortest = 1_000;
    private const double Longest = 60_000;
    private const double LongestWithoutKeys = 10_000;

    private int _failures;
    private long _until = long.MinValue / 2;

    public TimeSpan Left(long now) => TimeSpan.FromMilliseconds(Math.Max(0, Volatile.Read(ref _until) - now));

    /// <param name="now">The time of the failure.</param>
    /// <param name="random">From 0 to 1; the pause has at least half its length.</param>
    /// <param name="hasKeys">Whether there is a key set that serves meanwhile.</param>
    /// <param name="retryAfter">What the server asks for; it can make the pause longer, up to the longest.</param>
    public void Failed(long now, double random, bool hasKeys, TimeSpan retryAfter)
    {
        double pause = Math.Min(hasKeys ? Longest : LongestWithoutKeys, Shortest * Math.Pow(2, Math.Min(_failures++, 10)));
        double wish = Math.Min(Longest, retryAfter.TotalMilliseconds);
        long until = now + (long)Math.Max(Shortest, Math.Max(wish, pause * (0.5 + (random / 2))));

        // A fetch at start-up takes no notice of a pause, and its failure must not shorten one.
        Volatile.Write(ref _until, Math.Max(_until, until));
    }

    public void Succeeded()
    {
        _failures = 0;
        Volatile.Write(ref _until, long.MinValue / 2);
    }
}
