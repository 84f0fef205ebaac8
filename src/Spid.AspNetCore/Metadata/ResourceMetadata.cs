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
    public const string WellKnown = "/.well-known/oauth-protected-resource";

    public static ResourceMetadata Of(SpidBearerOptions options, Uri resource) => new(
        resource.OriginalString,
        options.Issuers.Count > 0 ? [.. options.Issuers] : [options.GetAuthority().AbsoluteUri.TrimEnd('/')],
        options.ScopesSupported.Count > 0 ? [.. options.ScopesSupported] : null,
        options.QueryTokenPaths.Count > 0 ? ["header", "query"] : ["header"]);

    /// <summary>Finds the URI of the service, or <see langword="null"/> when the options have none.</summary>
    public static Uri? FindResource(SpidBearerOptions options) => options.Resource
        ?? options.Audiences.Select(audience => Uri.TryCreate(audience, UriKind.Absolute, out Uri? uri) && IsResource(uri) ? uri : null).FirstOrDefault(uri => uri is not null);

    /// <summary>Section 1.2: an https URI without a fragment. Whatever is named here is what clients ask for tokens for.</summary>
    public static bool IsResource(Uri uri) => uri.IsAbsoluteUri && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback)) && uri.Fragment.Length == 0;

    /// <summary>Section 3.1: the well-known path goes between the host and the path of the resource.</summary>
    public static Uri AddressFor(Uri resource) =>
        new UriBuilder(resource) { Path = WellKnown + resource.AbsolutePath.TrimEnd('/') }.Uri;
}
