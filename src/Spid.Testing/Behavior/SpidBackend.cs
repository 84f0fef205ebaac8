namespace Spid.Testing.Behavior;

/// <summary>Chooses which of SPiD's two token backends answers a request.</summary>
public enum SpidBackend
{
    /// <summary>The header <c>X-OIDC: v1</c> selects <see cref="Modern"/>; without it <see cref="Legacy"/> answers.</summary>
    ByHeader = 0,

    /// <summary>Opaque tokens that last a week and flat error bodies with <c>error_code</c>, whatever the headers.</summary>
    Legacy = 1,

    /// <summary>JWTs that last 15 minutes and RFC 6749 error bodies, whatever the headers.</summary>
    Modern = 2,
}
