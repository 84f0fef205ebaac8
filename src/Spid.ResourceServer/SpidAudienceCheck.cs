namespace Spid.ResourceServer;

/// <summary>Says whether a token must name this service in its audience.</summary>
public enum SpidAudienceCheck
{
    /// <summary>One of <see cref="SpidVerificationOptions.Audiences"/> must be in the token (RFC 9700 section 2.3).</summary>
    Required = 0,

    /// <summary>
    /// Tokens for any service are accepted. Every other service that receives a token can use it here, so this is for services
    /// that check what a token is for in another way.
    /// </summary>
    None = 1,
}
