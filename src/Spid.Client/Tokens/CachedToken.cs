using Spid.Client.Settings;

namespace Spid.Client.Tokens;

/// <summary>A token with the points of its life, as ages in milliseconds. Immutable: entries swap whole ones.</summary>
/// <param name="Token">The token.</param>
/// <param name="RequestedAt">When it was requested; its age is counted from there.</param>
/// <param name="RefreshAge">From this age on it is renewed in the background.</param>
/// <param name="Lifetime">From this age on it is never handed out.</param>
internal sealed record CachedToken(ServerToken Token, Moment RequestedAt, long RefreshAge, long Lifetime)
{
    /// <summary>How long a token without a lifetime is shared, in milliseconds: an endpoint that states none sees one request a second for each token.</summary>
    private const long UnstatedLifetime = 1000;

    /// <summary>Plans the life of a token.</summary>
    /// <param name="fetched">The token.</param>
    /// <param name="settings">How early it is renewed.</param>
    /// <param name="random">From 0 to 1, drawn once for the token: a fleet that renews at the same moment would be a load of its own.</param>
    public static CachedToken Create(FetchedToken fetched, CacheSettings settings, double random)
    {
        if (fetched.Lifetime is not { } lifetime)
        {
            // No background refresh: another token may never be needed.
            return new CachedToken(fetched.Token, fetched.RequestedAt, UnstatedLifetime, UnstatedLifetime);
        }

        double life = lifetime.TotalMilliseconds;
        double margin = Math.Min(settings.ExpiryMargin.TotalMilliseconds, life / 10);
        double jitter = 1 + (settings.RefreshJitter * ((2 * random) - 1));
        return new CachedToken(
            fetched.Token,
            fetched.RequestedAt,
            RefreshAge: (long)Math.Min(life * settings.RefreshAfter * jitter, life - margin),
            Lifetime: (long)life);
    }

    /// <summary>Gets this token for when its refresh brought one without a lifetime: it goes on until its own expiry, and is refreshed again a moment later.</summary>
    public CachedToken PostponeRefresh(Moment now) => this with { RefreshAge = AgeAt(now) + UnstatedLifetime };

    public long AgeAt(Moment now) => now.Since(RequestedAt);

    public bool IsAliveAt(Moment now) => AgeAt(now) < Lifetime;

    public bool IsFreshAt(Moment now) => AgeAt(now) < RefreshAge;

    /// <summary>Prints the redacted token only.</summary>
    public override string ToString() => Token.ToString();
}
