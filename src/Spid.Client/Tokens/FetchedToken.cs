namespace Spid.Client.Tokens;

/// <summary>A token fresh from SPiD. Without a lifetime it serves the calls that waited for it, and others for a moment.</summary>
/// <param name="Token">The token.</param>
/// <param name="Lifetime">How long it lives; <see langword="null"/> when SPiD did not say so.</param>
/// <param name="RequestedAt">A moment before the request was sent, from which its life counts.</param>
internal sealed record FetchedToken(ServerToken Token, TimeSpan? Lifetime, Moment RequestedAt)
{
    /// <summary>Prints the redacted token only.</summary>
    public override string ToString() => Token.ToString();
}
