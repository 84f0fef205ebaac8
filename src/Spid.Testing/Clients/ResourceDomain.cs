namespace Spid.Testing.Clients;

/// <summary>Compares a <c>resource</c> or <c>aud</c> value with a domain registered in self service.</summary>
internal static class ResourceDomain
{
    /// <summary>The service-to-service page speaks of the domain but passes a path with it, so only the authority counts.</summary>
    public static bool Matches(string domain, string resource) =>
        AuthorityOf(resource) is { } asked && string.Equals(AuthorityOf(domain) ?? domain, asked, StringComparison.OrdinalIgnoreCase);

    private static string? AuthorityOf(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") && uri.Fragment.Length == 0
            ? uri.Authority
            : null;
}
