using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Options;
using Spid.AspNetCore;
using Spid.AspNetCore.Authentication;
using Spid.AspNetCore.Metadata;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Publishes what this service is and whose tokens it takes (RFC 9728).</summary>
public static class SpidProtectedResourceMetadataExtensions
{
    /// <summary>
    /// Maps the metadata of a scheme at <c>/.well-known/oauth-protected-resource</c>, followed by the path of the resource if it has one
    /// (section 3.1), and names the address in challenges (section 5.1). Everything in it comes from the options, as they are by then, and nothing from the request.
    /// </summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <returns>A builder for the endpoint, which is open to everybody.</returns>
    /// <exception cref="OptionsValidationException">Options of a scheme are invalid; an <see cref="AggregateException"/> of these when several options of the application are.</exception>
    /// <exception cref="InvalidOperationException">There is no such scheme, its options name no https URI for this service, or the metadata of a scheme are mapped at the same path already.</exception>
    public static IEndpointConventionBuilder MapSpidProtectedResourceMetadata(
        this IEndpointRouteBuilder endpoints, string authenticationScheme = SpidBearerDefaults.AuthenticationScheme)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        SpidBearerSchemes? schemes = endpoints.ServiceProvider.GetService<SpidBearerSchemes>();
        if (schemes?.Has(authenticationScheme) != true)
        {
            throw new InvalidOperationException($"There is no scheme '{authenticationScheme}': call AddAuthentication().AddSpidBearer(...).");
        }

        SpidBearerScheme[] made = MakeAll(schemes, endpoints.ServiceProvider);
        SpidBearerScheme scheme = made.First(candidate => candidate.Name == authenticationScheme);
        SpidBearerScheme[] mapped = [.. made.Where(other => other.MetadataAddress is not null)];
        if (ResourceMetadata.FindResource(scheme.Options) is null)
        {
            throw new InvalidOperationException("The metadata need the https URI of this service: set Resource, or name it in Audiences.");
        }

        scheme.HasMetadata = true;
        string path = scheme.MetadataAddress!.AbsolutePath;
        if (mapped.FirstOrDefault(other => string.Equals(other.MetadataAddress!.AbsolutePath, path, StringComparison.OrdinalIgnoreCase)) is { } taken)
        {
            throw new InvalidOperationException($"The metadata of scheme '{taken.Name}' are mapped at {path} already: map one scheme for each path of Resource.");
        }

        RoutePattern pattern = RoutePatternFactory.Parse(
            ResourceMetadata.WellKnown + "/{**path}", defaults: null, parameterPolicies: new RouteValueDictionary { ["path"] = new ResourceMetadataPath(scheme) });
        return endpoints.Map(pattern, context => WriteAsync(context, scheme.Options)).WithMetadata(new HttpMethodMetadata([HttpMethods.Get])).AllowAnonymous();
    }

    /// <summary>Endpoints are mapped before the host starts. When that shows a fault, everything that the start would find wrong is told.</summary>
    private static SpidBearerScheme[] MakeAll(SpidBearerSchemes schemes, IServiceProvider provider)
    {
        try
        {
            return [.. schemes.Names.Select(schemes.Get)];
        }
        catch (OptionsValidationException)
        {
            provider.GetService<IStartupValidator>()?.Validate();
            throw;
        }
    }

    private static Task WriteAsync(HttpContext context, SpidBearerOptions options) => context.Response.WriteAsJsonAsync(
        ResourceMetadata.Of(options, ResourceMetadata.FindResource(options)!), ResourceMetadataJson.Default.ResourceMetadata, cancellationToken: context.RequestAborted);
}
