namespace Spid.ResourceServer.Introspection;

/// <summary>How well the introspection endpoint is, for the health check.</summary>
internal enum IntrospectionStatus
{
    /// <summary>The last call went well, or there was none.</summary>
    Working,

    /// <summary>The endpoint is being tried again after a break.</summary>
    Recovering,

    /// <summary>The endpoint keeps failing and is left alone.</summary>
    Failing,

    /// <summary>SPiD refuses the credentials.</summary>
    CredentialsRefused,
}
