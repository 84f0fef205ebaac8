using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
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
    /// <remarks>
    /// The address does not depend on the prefix of a group. Schemes of the same path are told apart by the host of the request: by <c>RequireHost</c>
    /// where it is called, else by the host of the resource.
    /// </remarks>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <returns>A builder for the endpoint, which is open to everybody.</returns>
    /// <exception cref="OptionsValidationException">Options of a scheme are invalid; an <see cref="AggregateException"/> of these when several options of the application are.</exception>
    /// <exception cref="InvalidOperationException">There is no such scheme, its options name no https URI for this service, or the metadata of a scheme are mapped at the same address already.</exception>
    public static IEndpointConventionBuilder MapSpidProtectedResourceMetadata(
        this IEndpointRouteBuilder endpoints, string authenticationScheme = SpidBearerDefaults.AuthenticationScheme)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        SpidBearerSchemes? schemes = endpoints.ServiceProvider.GetService<SpidBearerSchemes>();
        if (schemes?.Has(authenticationScheme) != true)
        {
            throw new InvalidOperationException($"There is no scheme '{authenticationScheme}': call AddAuthentication().AddSpidBearer(...).");
        }

        return BuildTimeHost.IsRunning ? endpoints.Map(ResourceMetadata.WellKnown, static _ => Task.CompletedTask) : Map(endpoints, schemes, authenticationScheme);
    }

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, SpidBearerSchemes schemes, string authenticationScheme)
    {
        SpidBearerScheme[] made = MakeAll(schemes, endpoints.ServiceProvider);
        SpidBearerScheme scheme = made.First(candidate => candidate.Name == authenticationScheme);
        SpidBearerScheme[] mapped = [.. made.Where(other => other.MetadataAddress is not null)];
        if (ResourceMetadata.FindResource(scheme.Options) is null)
        {
            throw new InvalidOperationException("The metadata need the https URI of this service: set Resource, or name it in Audiences.");
        }

        scheme.HasMetadata = true;
        Uri address = scheme.MetadataAddress!;
        if (mapped.FirstOrDefault(other => ResourceMetadataRoute.AreSame(other.MetadataAddress!, address)) is { } taken)
        {
            throw new InvalidOperationException($"The metadata of scheme '{taken.Name}' are mapped at {address} already: map one scheme for each host and path of Resource.");
        }

        var route = new ResourceMetadataRoute(scheme, schemes);
        IEndpointConventionBuilder mapping = endpoints.Map(route.Pattern, context => WriteAsync(context, scheme.Options)).WithMetadata(new HttpMethodMetadata([HttpMethods.Get])).AllowAnonymous();
        mapping.Add(route.Apply);
        mapping.Finally(route.NoteHosts);
        return mapping;
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
