using System.Text.Json.Nodes;
using Spid.Testing.Keys;
using Spid.Testing.Tokens;

namespace Spid.Testing;

/// <summary>Describes a token to issue without a request to the token endpoint: an ordinary, outdated or hostile one.</summary>
public sealed class SpidTokenSpec
{
    /// <summary>Gets or sets the shape of the token.</summary>
    /// <value>The default is <see cref="SpidTokenKind.ClientAccess"/>.</value>
    public SpidTokenKind Kind { get; set; }

    /// <summary>Gets or sets the client the token is issued to.</summary>
    /// <value><see langword="null"/>, the default, means the server's default client.</value>
    public string? ClientId { get; set; }

    /// <summary>Gets or sets the scopes, separated by spaces.</summary>
    /// <value><see langword="null"/>, the default, leaves the claim out.</value>
    public string? Scope { get; set; }

    /// <summary>Gets the audience; kinds with <c>aud</c> as a string take the first one.</summary>
    public IList<string> Audience { get; init; } = [];

    /// <summary>Gets or sets who issues the token.</summary>
    /// <value><see langword="null"/>, the default, means the server's issuer.</value>
    public string? Issuer { get; set; }

    /// <summary>Gets or sets when the token is issued.</summary>
    /// <value><see langword="null"/>, the default, means now.</value>
    public DateTimeOffset? IssuedAt { get; set; }

    /// <summary>Gets or sets how long the token lasts from <see cref="IssuedAt"/>; a negative value makes an expired one.</summary>
    /// <value><see langword="null"/>, the default, means as long as the kind does.</value>
    public TimeSpan? Lifetime { get; set; }

    /// <summary>Gets claims to add to, or to put in place of, those of the kind.</summary>
    public JsonObject Claims { get; init; } = [];

    /// <summary>Gets the names of claims to leave out.</summary>
    public IList<string> OmittedClaims { get; init; } = [];

    /// <summary>Gets header members to add to, or to put in place of, those of the kind; another <c>alg</c> of the RS, PS or HS family is also signed with.</summary>
    public JsonObject Header { get; init; } = [];

    /// <summary>Gets the names of header members to leave out.</summary>
    public IList<string> OmittedHeader { get; init; } = [];

    /// <summary>Gets or sets how the token is signed.</summary>
    /// <value>The default is <see cref="SpidSignature.Valid"/>. Introspection knows only validly signed tokens.</value>
    public SpidSignature Signature { get; set; }

    /// <summary>Gets or sets the RSA key to sign with.</summary>
    /// <value><see langword="null"/>, the default, means the current key.</value>
    public SpidSigningKey? Key { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(SpidTokenSpec)} {Kind}";
}
