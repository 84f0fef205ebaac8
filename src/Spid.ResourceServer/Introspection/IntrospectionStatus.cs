namespace Spid.ResourceServer.Introspection;

/// <summary>The state of an endpoint that is asked about tokens, for the health check.</summary>
internal enum IntrospectionStatus
{
    /// <summary>The last call went well, or there was none.</summary>
    Working,

    /// <summary>The last call failed; the next token that needs one tries again.</summary>
    Recovering,

    /// <summary>The endpoint has answered about several tokens, but never in a way that could be used: its address may be wrong.</summary>
    Unproven,

    /// <summary>The endpoint is left alone, because it keeps failing or said so.</summary>
    Failing,

    /// <summary>SPiD refuses the credentials, and is left alone therefore.</summary>
    CredentialsRefused,
}
