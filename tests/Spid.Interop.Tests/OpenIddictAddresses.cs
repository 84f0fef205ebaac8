namespace Spid.Interop.Tests;

/// <summary>Where the server has its endpoints, and what it calls itself.</summary>
/// <param name="Authority">The base URL, which is the issuer of its tokens.</param>
/// <param name="Token">The path of the token endpoint.</param>
/// <param name="Introspection">The path of the introspection endpoint.</param>
/// <param name="Keys">The path of the key set.</param>
internal sealed record OpenIddictAddresses(Uri Authority, string Token, string Introspection, string Keys)
{
    private static readonly Uri Host = new("https://localhost");

    /// <summary>Gets SPiD's paths.</summary>
    public static OpenIddictAddresses OfSpid { get; } = new(Host, "oauth/token", "oauth/introspect", "oauth/jwks");

    /// <summary>Gets the paths that the server has when nothing else is said, and its examples use.</summary>
    public static OpenIddictAddresses Usual { get; } = new(Host, "connect/token", "connect/introspect", ".well-known/jwks");

    /// <summary>Gets SPiD's paths below a path, as servers with many tenants have them.</summary>
    public static OpenIddictAddresses BelowAPath { get; } = new(
        new Uri(Host, "oauth2/default"), "oauth2/default/oauth/token", "oauth2/default/oauth/introspect", "oauth2/default/oauth/jwks");

    public static Uri At(string path) => new(Host, path);

    public override string ToString() => Token;
}
