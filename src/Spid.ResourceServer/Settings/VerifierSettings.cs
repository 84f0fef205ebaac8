using Spid.Client;

namespace Spid.ResourceServer.Settings;

/// <summary>An immutable snapshot of valid options. A verifier is made for one snapshot; changed options make a new one, which remembers no tokens.</summary>
internal sealed record VerifierSettings(string Name, string Authority)
{
    public required SpidVerificationMode Mode { get; init; }

    public string? ClientId { get; init; }

    public ClientSecret? Secret { get; init; }

    public required SpidClientAuthentication Authentication { get; init; }

    public required bool SendOidcHeader { get; init; }

    /// <summary>Gets the accepted issuers; the authority when none are configured.</summary>
    public required string[] Issuers { get; init; }

    /// <summary>Gets the names of this service, one of which a token must be for.</summary>
    public required string[] Audiences { get; init; }

    public required bool ChecksAudience { get; init; }

    public required IReadOnlySet<string> AllowedClients { get; init; }

    public required bool AcceptUserTokens { get; init; }

    public required bool ServerTokensOnly { get; init; }

    public required bool IntrospectOpaqueTokens { get; init; }

    public required bool LookUpOpaqueTokens { get; init; }

    public required IReadOnlySet<string> Algorithms { get; init; }

    public required TimeSpan ClockSkew { get; init; }

    public required TimeSpan? ConfirmRemotely { get; init; }

    public required bool SelfTest { get; init; }

    public required CacheSettings Cache { get; init; }

    public required IntrospectionSettings Introspection { get; init; }

    public required KeySetSettings Keys { get; init; }

    public required Uri IntrospectionEndpoint { get; init; }

    /// <summary>Gets where opaque tokens are looked up; the token itself is left out of it.</summary>
    public required Uri LookUpEndpoint { get; init; }

    public required Uri JwksEndpoint { get; init; }

    /// <summary>Gets where look-ups get their server token from.</summary>
    public required Uri TokenEndpoint { get; init; }

    public required bool AllowsPlainHttp { get; init; }

    /// <summary>Gets a value indicating whether there are credentials, without which SPiD answers no introspection.</summary>
    public bool CanIntrospect => ClientId is not null && Secret is not null && Mode != SpidVerificationMode.Local;

    /// <summary>Gets how long a request waits at most.</summary>
    public TimeSpan Timeout => CanIntrospect ? Introspection.Timeout : Keys.Timeout;

    /// <summary>Gets how long a request waits for the key set: where SPiD can be asked instead, half of the time is left for that.</summary>
    public TimeSpan PatienceForKeys => CanIntrospect ? Introspection.Timeout / 2 : Keys.Timeout;

    public static VerifierSettings From(string name, SpidVerificationOptions options)
    {
        string authority = Authorities.Resolve(options.Environment, options.Authority).AbsoluteUri.TrimEnd('/');
        return new VerifierSettings(name, authority)
        {
            Mode = options.Mode,
            ClientId = string.IsNullOrEmpty(options.ClientId) ? null : options.ClientId,
            Secret = string.IsNullOrEmpty(options.ClientSecret) ? null : new ClientSecret(options.ClientSecret),
            Authentication = options.ClientAuthentication,
            SendOidcHeader = options.SendOidcHeader,
            Issuers = options.Issuers.Count == 0 ? [authority] : [.. options.Issuers],
            Audiences = [.. options.Audiences],
            ChecksAudience = options.AudienceCheck != SpidAudienceCheck.None,
            AllowedClients = new HashSet<string>(options.AllowedClients, StringComparer.Ordinal),
            AcceptUserTokens = options.AcceptUserTokens,
            ServerTokensOnly = options.ServerTokensOnly,
            IntrospectOpaqueTokens = options.IntrospectOpaqueTokens,
            LookUpOpaqueTokens = options.LookUpOpaqueTokens,
            Algorithms = new HashSet<string>(options.Algorithms.Count == 0 ? ["RS256"] : options.Algorithms, StringComparer.Ordinal),
            ClockSkew = options.ClockSkew,
            ConfirmRemotely = options.ConfirmRemotely,
            SelfTest = options.SelfTest,
            Cache = CacheSettings.From(options.Cache),
            Introspection = IntrospectionSettings.From(options.Introspection),
            Keys = KeySetSettings.From(options.Keys),
            IntrospectionEndpoint = Authorities.EndpointAt(authority, "/oauth/introspect", options.IntrospectionEndpoint),
            LookUpEndpoint = options.LookUpEndpoint is { } lookUp ? new Uri(lookUp.AbsoluteUri.TrimEnd('/')) : new Uri(authority + "/api/2/token"),
            JwksEndpoint = Authorities.EndpointAt(authority, "/oauth/jwks", options.JwksEndpoint),
            TokenEndpoint = Authorities.EndpointAt(authority, "/oauth/token", options.TokenEndpoint),
            AllowsPlainHttp = options.AllowPlainHttp,
        };
    }

    /// <summary>Compares by what the lists hold, and without <see cref="AllowsPlainHttp"/>: the endpoints say whether that has an effect.</summary>
    public bool IsSameAs(VerifierSettings other) =>
        Issuers.SequenceEqual(other.Issuers, StringComparer.Ordinal)
        && Audiences.SequenceEqual(other.Audiences, StringComparer.Ordinal)
        && AllowedClients.SetEquals(other.AllowedClients)
        && Algorithms.SetEquals(other.Algorithms)
        && this == other with { Issuers = Issuers, Audiences = Audiences, AllowedClients = AllowedClients, Algorithms = Algorithms, AllowsPlainHttp = AllowsPlainHttp };

    /// <summary>Says whether keys that were fetched under other settings are those that these would fetch.</summary>
    public bool HasSameKeysAs(VerifierSettings other) =>
        Authority == other.Authority && JwksEndpoint == other.JwksEndpoint && Algorithms.SetEquals(other.Algorithms);

    /// <summary>Says whether introspection asks the same endpoint with the same credentials, so that what one has learned is true of the other.</summary>
    public bool IntrospectsAs(VerifierSettings other) => IntrospectionEndpoint == other.IntrospectionEndpoint && AuthenticatesAs(other);

    /// <summary>Says whether look-ups send the same requests with the same server token, and keep the same of the answers.</summary>
    public bool LooksUpAs(VerifierSettings other) =>
        LookUpOpaqueTokens == other.LookUpOpaqueTokens
        && LookUpEndpoint == other.LookUpEndpoint
        && TokenEndpoint == other.TokenEndpoint
        && Authority == other.Authority
        && SendOidcHeader == other.SendOidcHeader
        && AllowsPlainHttp == other.AllowsPlainHttp
        && Cache.Distributed == other.Cache.Distributed
        && AuthenticatesAs(other);

    /// <summary>A record would print its members.</summary>
    public override string ToString() => $"SPiD verifier '{Name}' for {Authority}";

    private bool AuthenticatesAs(VerifierSettings other) => ClientId == other.ClientId && Equals(Secret, other.Secret) && Authentication == other.Authentication;
}
