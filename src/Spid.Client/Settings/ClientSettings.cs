namespace Spid.Client.Settings;

/// <summary>
/// An immutable snapshot of valid options. Tokens obtained under one snapshot are served under another one only if both ask the same
/// server for the same tokens as the same client.
/// </summary>
internal sealed record ClientSettings(string Name, string Authority, string ClientId, ClientSecret Secret, ClientSecret? SecondarySecret)
{
    public required SpidClientAuthentication Authentication { get; init; }

    public required bool SendOidcHeader { get; init; }

    public required TokenRequest Defaults { get; init; }

    public required CacheSettings Cache { get; init; }

    public required ResilienceSettings Resilience { get; init; }

    public required Uri TokenEndpoint { get; init; }

    public required Uri RegistrationEndpoint { get; init; }

    public static ClientSettings From(string name, SpidClientOptions options)
    {
        string authority = Authorities.Resolve(options.Environment, options.Authority).AbsoluteUri.TrimEnd('/');
        ClientSecret? secondarySecret = string.IsNullOrEmpty(options.SecondaryClientSecret) ? null : new ClientSecret(options.SecondaryClientSecret);
        return new ClientSettings(name, authority, options.ClientId!, new ClientSecret(options.ClientSecret!), secondarySecret)
        {
            Authentication = options.ClientAuthentication,
            SendOidcHeader = options.SendOidcHeader,
            Defaults = new TokenRequest(options.Scope, options.Resources, options.Parameters),
            Cache = CacheSettings.From(options.Cache),
            Resilience = ResilienceSettings.From(options.Resilience),
            TokenEndpoint = Authorities.EndpointAt(authority, "/oauth/token", options.TokenEndpoint),
            RegistrationEndpoint = Authorities.EndpointAt(authority, "/oauth/register", options.RegistrationEndpoint),
        };
    }

    /// <summary>
    /// Says whether the same tokens are asked for: by the same client, at the same server, with the same defaults of a request. Credentials
    /// prove who the client is and are no part of what a token says.
    /// </summary>
    public bool AsksForSameTokensAs(ClientSettings other) => Authority == other.Authority
        && TokenEndpoint.AbsoluteUri == other.TokenEndpoint.AbsoluteUri
        && ClientId == other.ClientId
        && Defaults.Equals(other.Defaults);

    /// <summary>Says whether requests carry the same credentials in the same form, so that what SPiD answered to one holds for the next.</summary>
    public bool AuthenticatesAs(ClientSettings other) => Secret.Equals(other.Secret)
        && Equals(SecondarySecret, other.SecondarySecret)
        && Authentication == other.Authentication
        && SendOidcHeader == other.SendOidcHeader;

    /// <summary>A record would print its members; the extra parameters may hold secrets.</summary>
    public override string ToString() => $"SPiD client '{Name}' at {Authority}";
}
