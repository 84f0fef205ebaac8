using System.Text.Json.Serialization;

namespace Spid.AspNetCore.Metadata;

/// <summary>Protected resource metadata (RFC 9728 section 2).</summary>
/// <param name="Resource">The URI of the service.</param>
/// <param name="AuthorizationServers">The issuers whose tokens it accepts.</param>
/// <param name="ScopesSupported">The scopes that it knows.</param>
/// <param name="BearerMethodsSupported">How it takes tokens.</param>
internal sealed record ResourceMetadata(
    [property: JsonPropertyName("resource")] string Resource,
    [property: JsonPropertyName("authorization_servers")] IReadOnlyList<string> AuthorizationServers,
    [property: JsonPropertyName("scopes_supported")] IReadOnlyList<string>? ScopesSupported,
    [property: JsonPropertyName("bearer_methods_supported")] IReadOnlyList<string> BearerMethodsSupported)
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";

    /// <summary>Section 3.1: the well-known path goes between the host and the path of the resource.</summary>
    public static Uri AddressFor(Uri resource) =>
        new UriBuilder(resource) { Path = WellKnown + resource.AbsolutePath.TrimEnd('/') }.Uri;
}
