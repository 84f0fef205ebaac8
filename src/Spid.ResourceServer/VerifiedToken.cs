using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using System.Text.Json;
using Spid.ResourceServer.Claims;

namespace Spid.ResourceServer;

/// <summary>What an accepted token says. Immutable, and safe for use from several threads.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class VerifiedToken
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly TokenClaims _claims;

    internal VerifiedToken(TokenClaims claims, SpidTokenSource source)
    {
        _claims = claims;
        Source = source;
    }

    /// <summary>Gets the client that the token was issued to.</summary>
    /// <value>The claim <c>client_id</c>, or else <c>azp</c>; <see langword="null"/> when the token has neither.</value>
    public string? ClientId => _claims.ClientId ?? _claims.AuthorizedParty;

    /// <summary>Gets the subject.</summary>
    /// <value><see langword="null"/> in most tokens of clients; a UUID in tokens of users.</value>
    public string? Subject => _claims.Subject;

    /// <summary>Gets the scopes. Ordinal.</summary>
    public IReadOnlySet<string> Scopes => _claims.Scopes;

    /// <summary>Gets the services that the token is for.</summary>
    public IReadOnlyList<string> Audiences => _claims.Audiences;

    /// <summary>Gets the issuer.</summary>
    /// <value><see langword="null"/> when SPiD's introspection did not state it.</value>
    public string? Issuer => _claims.Issuer;

    /// <summary>Gets when the token expires.</summary>
    /// <value><see langword="null"/> when SPiD's introspection did not state it.</value>
    public DateTimeOffset? ExpiresAt => _claims.ExpiresAt;

    /// <summary>Gets when the token was issued.</summary>
    public DateTimeOffset? IssuedAt => _claims.IssuedAt;

    /// <summary>Gets the id of the token (<c>jti</c>).</summary>
    public string? TokenId => _claims.TokenId;

    /// <summary>Gets how it is known what the token says.</summary>
    public SpidTokenSource Source { get; }

    /// <summary>Says whether the token has all of some scopes.</summary>
    /// <param name="scopes">The scopes.</param>
    /// <returns><see langword="true"/> when none is missing.</returns>
    public bool HasScopes(IReadOnlyCollection<string> scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        foreach (string scope in scopes)
        {
            if (!_claims.Scopes.Contains(scope))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Creates the claims of an identity, under the names that the token gives them.</summary>
    /// <param name="identity">The identity that they will belong to.</param>
    /// <returns>New claims, one for each value; the scope is split into one claim for each scope.</returns>
    public IEnumerable<Claim> CreateClaims(ClaimsIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return _claims.CreateClaims(identity);
    }

    /// <summary>Creates a token from its claims, for tests of code that takes one: nothing is verified.</summary>
    /// <param name="claims">The claims as JSON, such as the payload of a JWT or an introspection answer: <c>{"client_id":"4e84...","scope":"read:messages"}</c>.</param>
    /// <returns>The token.</returns>
    /// <exception cref="ArgumentException">They are not a JSON object, or a registered claim has a wrong type.</exception>
    public static VerifiedToken FromClaims([StringSyntax(StringSyntaxAttribute.Json)] string claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        try
        {
            using var document = JsonDocument.Parse(claims);
            return ClaimsReader.Read(document.RootElement, out string? fault) is { } read
                ? new VerifiedToken(read, SpidTokenSource.LocalSignature)
                : throw new ArgumentException($"The claims cannot be used: {fault}.", nameof(claims));
        }
        catch (JsonException exception)
        {
            throw new ArgumentException("The claims are not valid JSON.", nameof(claims), exception);
        }
    }

    /// <summary>Names the client and nothing that could be used.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => $"Token of client '{ClientId ?? "unknown"}' ({Source})";
}
