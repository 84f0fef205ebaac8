using Spid.Testing.Clients;

namespace Spid.Testing;

/// <summary>Describes a client as SPiD's self service knows it.</summary>
/// <remarks>
/// The settable properties may change while the server runs, from any thread; replace a collection rather than editing it.
/// Changes hold from the next request on.
/// </remarks>
public sealed class SpidClientRegistration
{
    private volatile string _clientSecret = RandomText.Secret();

    /// <summary>Gets the id the client authenticates with.</summary>
    /// <value>The default is 24 random hexadecimal digits, the form SPiD gives out.</value>
    public string ClientId { get; init; } = RandomText.ClientId();

    /// <summary>Gets the secret the client authenticates with.</summary>
    /// <value>The default is 43 random base64url characters, the form SPiD gives out.</value>
    public string ClientSecret
    {
        get => _clientSecret;
        init => _clientSecret = value;
    }

    /// <summary>Gets or sets a second secret that is accepted as well.</summary>
    /// <value>The default, <see langword="null"/>, means none.</value>
    public string? SecondarySecret { get; set; }

    /// <summary>Gets the name of the merchant that owns the client; clients of one merchant may introspect each other's tokens.</summary>
    /// <value>The default is <c>merchant</c>.</value>
    public string Merchant { get; init; } = SpidMerchant.DefaultName;

    /// <summary>Gets or sets the scopes the client may ask for.</summary>
    /// <value><see langword="null"/>, the default, means every scope; an empty collection means none.</value>
    public IReadOnlyCollection<string>? AllowedScopes { get; set; }

    /// <summary>Gets or sets whether the client is enabled for JWTs; others get opaque tokens from either backend.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool IssuesJwt { get; set; } = true;

    /// <summary>Gets or sets the domains registered for the client as a resource server, such as <c>service.example.com</c> or an absolute URI.</summary>
    /// <value>The default is empty. Other clients may name these in <c>resource</c>, and this client may introspect tokens made out to them.</value>
    public IReadOnlyCollection<string> ResourceDomains { get; set; } = [];

    /// <summary>Gives the client a new secret; the old <see cref="ClientSecret"/> stops being accepted at once.</summary>
    /// <returns>The new secret.</returns>
    public string RegenerateSecret() => _clientSecret = RandomText.Secret();

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(SpidClientRegistration)} {ClientId} of {Merchant}";

    internal bool HasSecret(string secret) =>
        RandomText.Same(secret, _clientSecret) || (SecondarySecret is { } second && RandomText.Same(secret, second));

    internal bool MayAskFor(IEnumerable<string> scopes) => AllowedScopes is not { } allowed || scopes.All(allowed.Contains);

    internal bool Serves(string resource) => ResourceDomains.Any(domain => ResourceDomain.Matches(domain, resource));
}
