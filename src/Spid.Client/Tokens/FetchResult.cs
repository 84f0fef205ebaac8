namespace Spid.Client.Tokens;

/// <summary>What a fetch has come to. Without a token and without an error it was cancelled.</summary>
internal readonly record struct FetchResult(FetchedToken? Token, SpidException? Error, TimeSpan Duration)
{
    public bool IsCancelled => Token is null && Error is null;

    /// <summary>Prints the redacted token only.</summary>
    public override string ToString() => Token?.ToString() ?? "no token";
}
