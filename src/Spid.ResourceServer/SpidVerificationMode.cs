namespace Spid.ResourceServer;

/// <summary>Selects how tokens are verified.</summary>
public enum SpidVerificationMode
{
    /// <summary>Signed tokens (RS256 with a key id) locally; where that cannot decide, by introspection if credentials are configured.</summary>
    Auto = 0,

    /// <summary>Every token by introspection, so a revoked one is refused after <see cref="SpidVerificationCacheOptions.MaximumAge"/> at the latest.</summary>
    Remote = 1,

    /// <summary>Every token by its signature alone. No credentials are needed, and a revoked token is good until it expires.</summary>
    Local = 2,
}
