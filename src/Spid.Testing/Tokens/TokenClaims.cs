using System.Text.Json.Nodes;

namespace Spid.Testing.Tokens;

/// <summary>Lays out the claims of each kind of token, then applies the test's own wishes.</summary>
internal static class TokenClaims
{
    public static JsonObject Create(SpidTokenSpec spec, TokenSubject subject)
    {
        var claims = spec.Kind switch
        {
            SpidTokenKind.ClientAccess or SpidTokenKind.Opaque => Client(spec, subject),
            SpidTokenKind.UserAccess or SpidTokenKind.UserAccessHs256 => UserTokenClaims.Access(spec, subject),
            SpidTokenKind.IdToken => UserTokenClaims.Id(spec, subject),
            SpidTokenKind.RefreshHs256 => UserTokenClaims.Refresh(spec, subject),
            SpidTokenKind.UserAccess2024 => UserTokenClaims2024.Access(spec, subject),
            SpidTokenKind.IdToken2024 => UserTokenClaims2024.Id(subject),
            SpidTokenKind.Refresh2024 => UserTokenClaims2024.Refresh(spec, subject),
            _ => throw new ArgumentException($"The token kind {spec.Kind} is not known.", nameof(spec)),
        };
        JsonEdits.Apply(claims, spec.Claims, spec.OmittedClaims);
        return claims;
    }

    public static JsonObject Common(TokenSubject subject) => new()
    {
        ["iss"] = subject.Issuer,
        ["iat"] = subject.IssuedAt.ToUnixTimeSeconds(),
        ["exp"] = subject.ExpiresAt.ToUnixTimeSeconds(),
    };

    public static void AddScope(JsonObject claims, string? scope)
    {
        if (scope is not null)
        {
            claims["scope"] = scope;
        }
    }

    private static JsonObject Client(SpidTokenSpec spec, TokenSubject subject)
    {
        var claims = Common(subject);
        if (spec.Audience.Count > 0)
        {
            claims["aud"] = new JsonArray([.. spec.Audience.Select(audience => JsonValue.Create(audience))]);
        }

        AddScope(claims, spec.Scope);
        claims["client_id"] = subject.ClientId;

        // Without it two tokens of the same second would be the same text, and revoking one would revoke both.
        claims["jti"] = Guid.NewGuid().ToString();
        return claims;
    }
}
