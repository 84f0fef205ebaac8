namespace Spid.Testing.Clients;

/// <summary>Compares a <c>resource</c> or <c>aud</c> value with a domain registered in self service.</summary>
internal static class ResourceDomain
{
    /// <summary>
    /// The service-to-service page speaks of the domain but passes a path with it, so the path does not count; a port counts
    /// only where the registered domain names one.
    /// </summary>
    public static bool Matches(string domain, string resource)
    {
        if (Parse(resource) is not { } asked)
        {
            return false;
        }

        var registered = Parse(domain)?.Authority ?? domain;
        return Same(registered, asked.Authority) || Same(registered, asked.Host);
    }

    private static Uri? Parse(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") ? uri : null;

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
