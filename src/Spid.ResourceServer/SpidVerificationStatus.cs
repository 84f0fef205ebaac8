namespace Spid.ResourceServer;

/// <summary>The result of verifying a token, with the HTTP status that a service answers.</summary>
public enum SpidVerificationStatus
{
    /// <summary>The token could not be verified because SPiD is unavailable or refuses this service's credentials (503).</summary>
    Unavailable = 0,

    /// <summary>The token is not good (401). The caller should fetch a new one.</summary>
    Rejected = 1,

    /// <summary>The token is good, but not for this (403). A new one of the same kind will not help.</summary>
    Forbidden = 2,

    /// <summary>The token is good (200).</summary>
    Accepted = 3,
}
