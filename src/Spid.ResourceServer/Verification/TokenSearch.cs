namespace Spid.ResourceServer.Verification;

/// <summary>A token that somebody must find out about, and who can.</summary>
/// <param name="Token">The token.</param>
/// <param name="Compact">Its parts, if it is a JWT.</param>
/// <param name="Route">Who can say whether it is real.</param>
/// <param name="IsRefresh">Whether known facts are confirmed, so that cached answers do not count.</param>
/// <param name="ExpiresAt">When it expires, by its own words or by what was known of it.</param>
internal sealed record TokenSearch(string Token, CompactToken? Compact, Route Route, bool IsRefresh = false, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>A record would print the token.</summary>
    public override string ToString() => $"Search ({Route})";
}
