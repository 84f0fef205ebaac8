namespace Spid.Client.Tokens;

/// <summary>A token with the points of its life, in milliseconds of <see cref="MonotonicClock"/>. Immutable: entries swap whole ones.</summary>
/// <param name="Token">The token.</param>
/// <param name="RefreshAt">From here on it is renewed in the background.</param>
/// <param name="UnusableAt">From here on callers wait for a new one, as long as SPiD answers.</param>
/// <param name="ExpiresAt">From here on it is never handed out.</param>
internal sealed record CachedToken(ServerToken Token, long RefreshAt, long UnusableAt, long ExpiresAt)
{
    /// <summary>Prints the redacted token only.</summary>
    public override string ToString() => Token.ToString();
}
