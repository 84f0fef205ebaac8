namespace Spid.Client.Tokens;

/// <summary>How a shared fetch ended. A value and not a faulted task: each caller throws an exception of its own, and none stays unobserved.</summary>
/// <param name="Token">The token, or <see langword="null"/>.</param>
/// <param name="Error">Why there is none; <see langword="null"/> beside a missing token when the client was disposed.</param>
internal sealed record FetchOutcome(ServerToken? Token, SpidException? Error)
{
    /// <summary>Prints the redacted token only.</summary>
    public override string ToString() => Token?.ToString() ?? "no token";
}
