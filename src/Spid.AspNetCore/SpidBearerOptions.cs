using System.ComponentModel;
using Spid.AspNetCore.Events;
using Spid.ResourceServer;

namespace Spid.AspNetCore;

/// <summary>Configures an authentication scheme that accepts access tokens of SPiD. Configuration keys equal the property names.</summary>
/// <remarks>Validated when the host starts. Changes of the configuration take effect with the next request.</remarks>
[DisplayName("authentication scheme")]
public sealed class SpidBearerOptions : SpidVerificationOptions
{
    /// <summary>Gets or sets the realm that challenges name (RFC 9110 section 11.5).</summary>
    /// <value>The default is <c>SPiD</c>. Printable ASCII without quotes and backslashes.</value>
    public string Realm { get; set; } = "SPiD";

    /// <summary>Gets or sets the HTTP status for tokens of a wrong issuer or audience.</summary>
    /// <value>The default is <see cref="SpidFailureMapping.Spid"/>: 403.</value>
    public SpidFailureMapping FailureMapping { get; set; }

    /// <summary>Gets or sets the URI of this service in its protected resource metadata (RFC 9728).</summary>
    /// <value>An https URI without a fragment; http for this machine only. The default is the first audience that is such a URI. Never the <c>Host</c> of a request, which anyone can make up.</value>
    public Uri? Resource { get; set; }

    /// <summary>Gets the scopes that the metadata lists.</summary>
    /// <value>Empty by default: the metadata lists none.</value>
    public IList<string> ScopesSupported { get; } = [];

    /// <summary>Gets the paths below which a GET request, or one that opens a WebSocket over HTTP/2, may carry its token in the query, as <c>access_token</c>, for browsers' WebSockets.</summary>
    /// <value>Empty by default, and best left so: URLs end up in logs (RFC 9700 section 4.3.2). Each begins with a slash and ends with none.</value>
    public IList<string> QueryTokenPaths { get; } = [];

    /// <summary>Gets or sets a value indicating whether the token is kept in the <c>AuthenticationProperties</c> of the request, where <c>GetTokenAsync("access_token")</c> finds it.</summary>
    /// <value>The default is <see langword="false"/>. Do not pass properties with a token to <c>SignInAsync</c>, which writes them into a cookie.</value>
    public bool SaveToken { get; set; }

    /// <summary>Gets or sets what the application does when a token has been looked at. Set in code only.</summary>
    public SpidBearerEvents Events { get; set; } = new();
}
