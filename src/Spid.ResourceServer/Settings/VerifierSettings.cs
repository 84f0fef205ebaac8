using Spid.Client;

namespace Spid.ResourceServer.Settings;

/// <summary>An immutable snapshot of valid options. A verifier is made for one snapshot; changed options make a new one, with empty caches.</summary>
internal sealed record VerifierSettings(string Name, string Authority)
{
    public required SpidVerificationMode Mode { get; init; }

    public string? ClientId { get; init; }

    public ClientSecret? Secret { get; init; }

    public required SpidClientAuthentication Authentication { get; init; }

    public required bool SendOidcHeader { get; init; }

    /// <summary>Gets the accepted issuers without a trailing slash.</summary>
    public required string[] Issuers { get; init; }

    /// <summary>Gets the accepted audiences without a trailing slash; empty when the audience is not checked.</summary>
    public required string[] Audiences { get; init; }

    public required bool ChecksAudience { get; init; }

    public required IReadOnlySet<string> AllowedClients { get; init; }

    public required bool AcceptUserTokens { get; init; }

    public required bool ServerTokensOnly { get; init; }

    public required bool IntrospectOpaqueTokens { get; init; }

    public required IReadOnlySet<string> Algorithms { get; init; }

    public required TimeSpan ClockSkew { get; init; }

    public required TimeSpan? ConfirmRemotely { get; init; }

    public required bool SelfTest { get; init; }

    public required CacheSettings Cache { get; init; }

    public required IntrospectionSettings Introspection { get; init; }

    public required KeySetSettings Keys { get; init; }

    public Uri IntrospectionEndpoint { get; } = new(Authority + "/oauth/introspect");

    public Uri JwksEndpoint { get; } = new(Authority + "/oauth/jwks");

    /// <summary>Gets a value indicating whether there are credentials, without which SPiD answers no introspection.</summary>
    public bool CanIntrospect => ClientId is not null && Secret is not null && Mode != SpidVerificationMode.Local;

    /// <summary>A record would print its members.</summary>
    public override string ToString() => $"SPiD verifier '{Name}' for {Authority}";
}
