namespace Spid.ResourceServer;

/// <summary>Why a token was not accepted. The names appear in logs and, in lower case with underscores, as a telemetry tag.</summary>
public enum SpidVerificationReason
{
    /// <summary>The token was accepted.</summary>
    None = 0,

    /// <summary>Rejected: empty, longer than 16 384 characters, or with characters that no token has (RFC 6750 section 2.1); or one of several in a request.</summary>
    MalformedToken = 1,

    /// <summary>Rejected: it is no JWT, and those are not introspected.</summary>
    OpaqueToken = 2,

    /// <summary>Rejected: the header of the JWT is no JSON object, has duplicate members, or asks for what is not supported (<c>crit</c>, <c>b64</c>, encryption).</summary>
    UnsupportedHeader = 3,

    /// <summary>Rejected: the algorithm is not one of the configured ones.</summary>
    UnsupportedAlgorithm = 4,

    /// <summary>Rejected: only SPiD can verify this token, and such tokens are not introspected.</summary>
    NotVerifiableLocally = 5,

    /// <summary>Rejected: the key id is not in the key set, which is up to date.</summary>
    UnknownKey = 6,

    /// <summary>Rejected: the signature does not fit the key.</summary>
    BadSignature = 7,

    /// <summary>Rejected: the payload of the JWT is no JSON object, or a registered claim in it has a wrong type.</summary>
    MalformedClaims = 8,

    /// <summary>Rejected: SPiD calls it inactive, which covers expired, revoked, and not for this service.</summary>
    NotActive = 9,

    /// <summary>Rejected: it has expired.</summary>
    Expired = 10,

    /// <summary>Rejected: its time has not come, or it was issued in the future.</summary>
    NotYetValid = 11,

    /// <summary>Rejected: a JWT without an expiry.</summary>
    NoExpiry = 12,

    /// <summary>Rejected: it is an ID token or a refresh token.</summary>
    NotAnAccessToken = 13,

    /// <summary>Rejected: it is bound to a key or certificate that the caller has not shown (RFC 8705, RFC 9449).</summary>
    ProofMissing = 14,

    /// <summary>Rejected: code of the application refused it.</summary>
    RefusedByApplication = 15,

    /// <summary>Forbidden: somebody else issued it, or it does not say who.</summary>
    WrongIssuer = 20,

    /// <summary>Forbidden: it is for other services, or it does not say for which.</summary>
    WrongAudience = 21,

    /// <summary>Forbidden: it lacks a scope.</summary>
    MissingScope = 22,

    /// <summary>Forbidden: its client is not on the list of those that may call.</summary>
    ClientNotAllowed = 23,

    /// <summary>Forbidden: it is a user's, and only servers may call.</summary>
    UserToken = 24,

    /// <summary>Unavailable: the introspection endpoint failed, could not be reached, or gave no usable answer about this token.</summary>
    IntrospectionFailed = 40,

    /// <summary>Unavailable: SPiD refuses the credentials of this service.</summary>
    CredentialsRefused = 41,

    /// <summary>Unavailable: SPiD limits the rate of this service.</summary>
    Throttled = 42,

    /// <summary>Unavailable: the introspection endpoint keeps failing and is left alone for a while.</summary>
    CircuitOpen = 43,

    /// <summary>Unavailable: too many introspections are under way.</summary>
    TooManyCalls = 44,

    /// <summary>Unavailable: there is no usable key set, or none new enough to say that it lacks the key.</summary>
    NoKeys = 45,
}
