using Spid.Client;

namespace Spid.Wire;

/// <summary>The base URLs of SPiD's environments, and those that SPiD has switched off.</summary>
internal static class Authorities
{
    private static readonly Dictionary<string, string> Retired = new(StringComparer.OrdinalIgnoreCase)
    {
        ["stage.payment.schibsted.no"] = "Environment = PreProduction",
        ["stage.payment.schibsted.se"] = "Environment = PreProduction",
        ["staging.payment.schibsted.no"] = "Environment = PreProduction",
        ["payment.schibsted.se"] = "Environment = International",
    };

    public static Uri Resolve(SpidEnvironment? environment, Uri? authority) => environment switch
    {
        SpidEnvironment.International => new Uri("https://login.schibsted.com"),
        SpidEnvironment.Norway => new Uri("https://payment.schibsted.no"),
        SpidEnvironment.Finland => new Uri("https://login.schibsted.fi"),
        SpidEnvironment.Denmark => new Uri("https://login.schibsted.dk"),
        SpidEnvironment.PreProduction => new Uri("https://identity-pre.schibsted.com"),
        _ => authority!,
    };

    /// <summary>Gives the address of an endpoint: the one that is set, or SPiD's path below the base URL.</summary>
    public static Uri EndpointAt(string authority, string path, Uri? configured) => configured ?? new Uri(authority + path);

    /// <summary>Gives what to write instead of a retired host, or <see langword="null"/>.</summary>
    public static string? ReplacementFor(Uri authority) => Retired.GetValueOrDefault(authority.Host);
}
