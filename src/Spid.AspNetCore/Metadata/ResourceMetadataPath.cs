using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Spid.AspNetCore.Authentication;

namespace Spid.AspNetCore.Metadata;

/// <summary>Lets requests through to the metadata of a scheme at the path that they have now: the URI of the service may change with the configuration.</summary>
internal sealed class ResourceMetadataPath(SpidBearerScheme scheme) : IRouteConstraint
{
    /// <summary>Compares decoded paths without a slash at the end, ignoring case, as routing does.</summary>
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext?.Request.Path.Value is { } path
        && scheme.MetadataAddress is { } address
        && string.Equals(path.TrimEnd('/'), PathString.FromUriComponent(address.AbsolutePath).Value, StringComparison.OrdinalIgnoreCase);
}
