using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Spid.AspNetCore.Authentication;

namespace Spid.AspNetCore.Metadata;

/// <summary>
/// The route to the metadata of a scheme. It lets requests through at the path that the metadata have by then: the URI of the service may change with the
/// configuration.
/// </summary>
internal sealed class ResourceMetadataRoute : IRouteConstraint
{
    private readonly SpidBearerScheme _scheme;
    private readonly SpidBearerSchemes _schemes;
    private bool _hasHosts;

    public ResourceMetadataRoute(SpidBearerScheme scheme, SpidBearerSchemes schemes)
    {
        _scheme = scheme;
        _schemes = schemes;
        Pattern = RoutePatternFactory.Parse(
            ResourceMetadata.WellKnown + "/{**path}", defaults: null, parameterPolicies: new RouteValueDictionary { ["path"] = this });
    }

    public RoutePattern Pattern { get; }

    /// <summary>Compares where metadata are found, host included; the query is no part of it.</summary>
    public static bool AreSame(Uri address, Uri other) => AreSame(address.AbsolutePath, other.AbsolutePath) && AreSame(address.Authority, other.Authority);

    /// <summary>RFC 9728 section 3.1 puts the well-known path right behind the host, so the prefix of a group does not go before it.</summary>
    public void Apply(EndpointBuilder endpoint) => ((RouteEndpointBuilder)endpoint).RoutePattern = Pattern;

    /// <summary>Notes whether the application says which hosts it is for, as <c>RequireHost</c> does, by the time that the endpoint is complete.</summary>
    public void NoteHosts(EndpointBuilder endpoint) => _hasHosts = endpoint.Metadata.OfType<IHostMetadata>().Any(metadata => metadata.Hosts.Count > 0);

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext is not null && _scheme.MetadataAddress is { } address && IsAt(httpContext, address) && (_hasHosts || IsFor(httpContext, address));

    private static bool AreSame(string? text, string? other) => string.Equals(text, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Compares decoded paths without a slash at the end, ignoring case, as routing does.</summary>
    private static bool IsAt(HttpContext httpContext, Uri address) =>
        httpContext.Request.Path.Value is { } path && AreSame(path.TrimEnd('/'), PathString.FromUriComponent(address.AbsolutePath).Value);

    private static bool IsHostOf(HostString host, Uri address) =>
        (AreSame(host.Host, address.Host) || AreSame(host.Host, address.IdnHost)) && (host.Port is { } port ? port == address.Port : address.IsDefaultPort);

    /// <summary>The host decides only where another scheme has the same path: a proxy in front may have put another host into the request.</summary>
    private bool IsFor(HttpContext httpContext, Uri address) => !_schemes.Made.Any(other =>
        other != _scheme && other.MetadataAddress is { } otherAddress && AreSame(otherAddress.AbsolutePath, address.AbsolutePath))
        || IsHostOf(httpContext.Request.Host, address);
}
