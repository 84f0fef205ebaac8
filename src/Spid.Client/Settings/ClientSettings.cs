namespace Spid.Client.Settings;

/// <summary>
/// An immutable snapshot of valid options. Everything that can change a token is in here, so tokens obtained under one
/// snapshot are never served under a different one.
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

    /// <summary>A record would print its members; the extra parameters may hold secrets.</summary>
    public override string ToString() => $"SPiD client '{Name}' at {Authority}";
}
