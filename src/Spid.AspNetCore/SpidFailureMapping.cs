namespace Spid.AspNetCore;

/// <summary>Selects the HTTP status for tokens of a wrong issuer or audience, and for requests that are not well-formed.</summary>
public enum SpidFailureMapping
{
    /// <summary>As SPiD documents it: 401 means "fetch a new token", so a wrong issuer or audience, which that would not mend, is 403.</summary>
    Spid = 0,

    /// <summary>As RFC 6750 section 3.1 and RFC 9068 section 4 have it: 401 for a wrong issuer or audience, 400 for a request that is not well-formed.</summary>
    Rfc6750 = 1,
}
