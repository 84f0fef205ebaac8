using System.Collections.Frozen;
using System.Security.Claims;

namespace Spid.ResourceServer.Claims;

/// <summary>What a token says, read from a JWT or from an introspection answer in the same way.</summary>
internal sealed class TokenClaims
{
    public string? ClientId { get; init; }

    public string? AuthorizedParty { get; init; }

    public string? Subject { get; init; }

    public required FrozenSet<string> Scopes { get; init; }

    public required string[] Audiences { get; init; }

    public string? Issuer { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? IssuedAt { get; init; }

    public string? TokenId { get; init; }

    /// <summary>Gets a value indicating whether it is an access token, and no ID or refresh token: those share key, issuer and sometimes audience.</summary>
    public required bool IsAccessToken { get; init; }

    /// <summary>Gets a value indicating whether it is a user's: it names a user id, or a subject other than its client.</summary>
    public required bool IsUserToken { get; init; }

    public required TokenBinding Binding { get; init; }

    /// <summary>Gets every claim as it came, for the principal.</summary>
    public required ClaimValue[] Values { get; init; }

    public IEnumerable<Claim> CreateClaims(ClaimsIdentity identity)
    {
        string issuer = Issuer ?? ClaimsIdentity.DefaultIssuer;
        var claims = new Claim[Values.Length];
        for (int index = 0; index < claims.Length; index++)
        {
            claims[index] = new Claim(Values[index].Type, Values[index].Value, Values[index].ValueType, issuer, issuer, identity);
        }

        return claims;
    }
}
