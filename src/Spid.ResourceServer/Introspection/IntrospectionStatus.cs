namespace Spid.ResourceServer.Introspection;

/// <summary>How well the introspection endpoint is, for the health check.</summary>
internal enum IntrospectionStatus
{
    /// <summary>The last call went well, or there was none.</summary>
    Working,

    /// <summary>The last call failed; the next token that needs one tries again.</summary>
    Recovering,

    /// <summary>The endpoint is left alone, because it keeps failing or said so.</summary>
    Failing,

    /// <summary>SPiD refuses the credentials, and is left alone therefore.</summary>
    CredentialsRefused,
}
