namespace Spid.ResourceServer.Verification;

/// <summary>Facts with the times until which they are good, in milliseconds of the verifier's own clock.</summary>
internal sealed class CachedFacts(TokenFacts facts, long freshUntil, long staleUntil, long refreshAt)
{
    private int _isRefreshing;

    public TokenFacts Facts { get; } = facts;

    /// <summary>Gets until when the facts need no confirmation.</summary>
    public long FreshUntil { get; } = freshUntil;

    /// <summary>Gets until when the facts serve if SPiD cannot be asked.</summary>
    public long StaleUntil { get; } = staleUntil;

    /// <summary>Takes the right to ask again before the facts are too old; one caller gets it.</summary>
    public bool TryBeginRefresh(long now) => now >= refreshAt && Volatile.Read(ref _isRefreshing) == 0 && Interlocked.Exchange(ref _isRefreshing, 1) == 0;
}
