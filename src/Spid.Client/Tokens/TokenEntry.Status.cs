namespace Spid.Client.Tokens;

/// <content>What the health check and the gauge see, without a call to SPiD.</content>
internal sealed partial class TokenEntry
{
    /// <summary>Gets the seconds until the token expires, or <see langword="null"/> when there is none or SPiD did not say.</summary>
    public double? SecondsLeft => Volatile.Read(ref _current) is { Token.ExpiresAt: not null } current && current.Lifetime - current.AgeAt(Cache.TokenClock.Now) is > 0 and var left
        ? left / 1000.0
        : null;

    /// <summary>Gets a value indicating whether callers fail at once because of a remembered failure.</summary>
    public bool IsFailingFast => IsHeldBack;

    /// <summary>Gets a value indicating whether a fetch is under way, or has ended and is still being reported.</summary>
    public bool IsFetching => Volatile.Read(ref _fetch) is not null || Volatile.Read(ref _reports) > 0;

    /// <summary>
    /// Gets why the latest attempt failed, or <see langword="null"/> when it succeeded or there was none. A failure that concerns
    /// the whole client does not count for an entry that has not been used.
    /// </summary>
    public SpidException? LatestError => Volatile.Read(ref _wasAsked) ? Cache.Failures.Latest ?? OwnFailures?.Latest : null;
}
