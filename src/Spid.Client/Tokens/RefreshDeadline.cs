namespace Spid.Client.Tokens;

/// <summary>
/// The expiry of the token that a refresh replaces. The less time is left, the shorter an attempt and a pause may be, so that one stalled
/// request or a grown backoff does not use up the whole time in which the old token can still be served.
/// </summary>
internal sealed class RefreshDeadline(TokenClock clock, CachedToken token)
{
    private const int AttemptsInTimeLeft = 4;
    private const int PausesInTimeLeft = 8;

    private static readonly TimeSpan ShortestAttempt = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Bounds the timeout of one attempt.</summary>
    public TimeSpan BoundAttempt(TimeSpan timeout) => Bound(timeout, AttemptsInTimeLeft, ShortestAttempt);

    /// <summary>Bounds the pause after a failed attempt.</summary>
    public TimeSpan BoundPause(TimeSpan pause) => Bound(pause, PausesInTimeLeft, ShortestPause);

    private TimeSpan Bound(TimeSpan value, int parts, TimeSpan shortest)
    {
        long left = token.Lifetime - token.AgeAt(clock.Now);
        if (left <= 0)
        {
            return value;
        }

        var part = TimeSpan.FromMilliseconds(Math.Max(shortest.TotalMilliseconds, (double)left / parts));
        return part < value ? part : value;
    }
}
