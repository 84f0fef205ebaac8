using System.Text.Json.Nodes;
using Spid.Testing.Behavior;

namespace Spid.Testing;

/// <summary>Selects among the documented variants of the server's answers.</summary>
/// <remarks>Every property may be set while the server runs, from any thread, and holds from the next request on.</remarks>
public sealed class SpidBehavior
{
    /// <summary>Gets or sets which token backend answers.</summary>
    /// <value>The default is <see cref="SpidBackend.ByHeader"/>.</value>
    public SpidBackend Backend { get; set; }

    /// <summary>Gets or sets the shape of token responses.</summary>
    /// <value>The default is <see cref="SpidTokenBody.Automatic"/>.</value>
    public SpidTokenBody TokenBody { get; set; }

    /// <summary>Gets or sets how long tokens from the token endpoint last.</summary>
    /// <value><see langword="null"/>, the default, means the body's own: seven days for legacy bodies, 900 s for JWT, 600 s for mixed ones. Zero and negative values are passed on.</value>
    public TimeSpan? TokenLifetime { get; set; }

    /// <summary>Gets or sets how <c>expires_in</c> is written.</summary>
    /// <value>The default is <see cref="SpidExpiresInFormat.Automatic"/>.</value>
    public SpidExpiresInFormat ExpiresInFormat { get; set; }

    /// <summary>Gets or sets a last edit of each token response, for a shape that no <see cref="SpidTokenBody"/> has.</summary>
    /// <value>The default is <see langword="null"/>. It may be called from several threads at once, each with a body of its own.</value>
    public Action<JsonObject>? EditTokenBody { get; set; }

    /// <summary>Gets or sets the shape of active introspection answers.</summary>
    /// <value>The default is <see cref="SpidIntrospectionBody.Full"/>.</value>
    public SpidIntrospectionBody IntrospectionBody { get; set; }

    /// <summary>Gets or sets a last edit of each introspection answer, inactive ones included.</summary>
    /// <value>The default is <see langword="null"/>. It may be called from several threads at once, each with a body of its own.</value>
    public Action<JsonObject>? EditIntrospectionBody { get; set; }

    /// <summary>Gets or sets which clients see a token as active.</summary>
    /// <value>The default is <see cref="SpidIntrospectionRule.MerchantOrAudience"/>.</value>
    public SpidIntrospectionRule IntrospectionRule { get; set; }

    /// <summary>Gets or sets whether <c>resource</c> may name a domain that no client has registered.</summary>
    /// <value>The default is <see langword="false"/>: such a request is answered <c>invalid_target</c>.</value>
    public bool AcceptUnregisteredResources { get; set; }

    /// <summary>Gets or sets the limit beyond which each endpoint answers 420 with the seconds to wait in <c>request.reset</c>.</summary>
    /// <value><see langword="null"/>, the default, means no limit. A new value starts new windows.</value>
    public SpidRateLimit? RateLimit { get; set; }
}
