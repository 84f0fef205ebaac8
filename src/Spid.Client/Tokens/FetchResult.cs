namespace Spid.Client.Tokens;

/// <summary>How a fetch ended. Without a token and without an error it was cancelled.</summary>
internal sealed class FetchResult : IDisposable
{
    public required TokenFetch Fetch { get; init; }

    public FetchedToken? Token { get; init; }

    public SpidException? Error { get; init; }

    public TimeSpan Duration { get; init; }

    public bool IsCancelled => Token is null && Error is null;

    public void Dispose() => Fetch.Dispose();
}
