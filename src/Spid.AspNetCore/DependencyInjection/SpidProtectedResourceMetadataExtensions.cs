using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Spid.AspNetCore;
using Spid.AspNetCore.Authentication;
using Spid.AspNetCore.Metadata;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Publishes what this service is and whose tokens it takes (RFC 9728).</summary>
public static class SpidProtectedResourceMetadataExtensions
{
    /// <summary>
    /// Maps the metadata of a scheme at <c>/.well-known/oauth-protected-resource</c>, followed by the path of the resource if it has one
    /// (section 3.1), and names the address in challenges (section 5.1). Everything in it comes from the options, nothing from the request.
    /// </summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <returns>A builder for the endpoint, which is open to everybody.</returns>
    /// <exception cref="InvalidOperationException">There is no such scheme, or its options name no URI for this service.</exception>
    public static IEndpointConventionBuilder MapSpidProtectedResourceMetadata(
        this IEndpointRouteBuilder endpoints, string authenticationScheme = SpidBearerDefaults.AuthenticationScheme)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        SpidBearerSchemes? schemes = endpoints.ServiceProvider.GetService<SpidBearerSchemes>();
        if (schemes?.Has(authenticationScheme) != true)
        {
            throw new InvalidOperationException($"There is no scheme '{authenticationScheme}': call AddAuthentication().AddSpidBearer(...).");
        }

        SpidBearerScheme scheme = schemes.Get(authenticationScheme);
        Uri address = ResourceMetadata.AddressFor(ResourceOf(scheme.Options));
        scheme.MetadataAddress = address;
        return endpoints.MapGet(address.AbsolutePath, (RequestDelegate)(context => WriteAsync(context, scheme))).AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext context, SpidBearerScheme scheme)
    {
        SpidBearerOptions options = scheme.Options;
        var metadata = new ResourceMetadata(
            ResourceOf(options).OriginalString,
            options.Issuers.Count > 0 ? [.. options.Issuers] : [options.GetAuthority().AbsoluteUri.TrimEnd('/')],
            options.ScopesSupported.Count > 0 ? [.. options.ScopesSupported] : null,
            options.QueryTokenPaths.Count > 0 ? ["header", "query"] : ["header"]);
        return context.Response.WriteAsJsonAsync(metadata, ResourceMetadataJson.Default.ResourceMetadata, cancellationToken: context.RequestAborted);
    }

    private static Uri ResourceOf(SpidBearerOptions options) => options.Resource
        ?? options.Audiences.Select(audience => Uri.TryCreate(audience, UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http" ? uri : null).FirstOrDefault(uri => uri is not null)
        ?? throw new InvalidOperationException("The metadata need the URI of this service: set Resource, or name it in Audiences.");
}
