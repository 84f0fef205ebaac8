namespace Spid.ResourceServer;

/// <summary>What came of verifying a token, with the HTTP status that a service answers.</summary>
public enum SpidVerificationStatus
{
    /// <summary>Nobody could decide (503). It is our fault or SPiD's, never the caller's.</summary>
    Unavailable = 0,

    /// <summary>The token is not good (401). The caller should fetch a new one.</summary>
    Rejected = 1,

    /// <summary>The token is good, but not for this (403). A new one of the same kind will not help.</summary>
    Forbidden = 2,

    /// <summary>The token is good (200).</summary>
    Accepted = 3,
}
