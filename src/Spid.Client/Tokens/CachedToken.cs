using Spid.Client.Settings;

namespace Spid.Client.Tokens;

/// <summary>A token with the points of its life, in milliseconds of <see cref="MonotonicClock"/>. Immutable: entries swap whole ones.</summary>
/// <param name="Token">The token.</param>
/// <param name="RefreshAt">From here on it is renewed in the background.</param>
/// <param name="ExpiresAt">From here on it is never handed out.</param>
internal sealed record CachedToken(ServerToken Token, long RefreshAt, long ExpiresAt)
{
    /// <summary>Plans the life of a token, or gives <see langword="null"/> for one without a lifetime.</summary>
    /// <param name="fetched">The token.</param>
    /// <param name="startedAt">When it was asked for; its life is counted from there.</param>
    /// <param name="settings">How early it is renewed.</param>
    /// <param name="random">From 0 to 1, drawn once for the token: a fleet that renews at the same moment would be a load of its own.</param>
    public static CachedToken? Create(FetchedToken fetched, long startedAt, CacheSettings settings, double random)
    {
        if (fetched.Lifetime is not { } lifetime)
        {
            return null;
        }

        double life = lifetime.TotalMilliseconds;
        double margin = Math.Min(settings.ExpiryMargin.TotalMilliseconds, life / 10);
        double jitter = 1 + (settings.RefreshJitter * ((2 * random) - 1));
        return new CachedToken(
            fetched.Token,
            RefreshAt: startedAt + (long)Math.Min(life * settings.RefreshAfter * jitter, life - margin),
            ExpiresAt: startedAt + (long)life);
    }

    /// <summary>Prints the redacted token only.</summary>
    public override string ToString() => Token.ToString();
}
