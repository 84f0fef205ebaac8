using System.Text.Json.Nodes;

namespace Spid.Testing.Tokens;

/// <summary>The claims of user tokens captured in 2024: their audience is always the client id.</summary>
internal static class UserTokenClaims2024
{
    public static JsonObject Access(SpidTokenSpec spec, TokenSubject subject) => ForApi("access", spec, subject);

    public static JsonObject Refresh(SpidTokenSpec spec, TokenSubject subject)
    {
        var claims = ForApi("refresh", spec, subject);
        claims["sid"] = Guid.NewGuid().ToString();
        return claims;
    }

    public static JsonObject Id(TokenSubject subject)
    {
        var claims = ForUser(subject);
        claims["acr"] = "";
        claims["amr"] = new JsonArray("pwd");
        claims["auth_time"] = subject.IssuedAt.ToUnixTimeSeconds();
        claims["nonce"] = Guid.NewGuid().ToString("N");
        claims["legacy_user_id"] = UserTokenClaims.UserId;
        return claims;
    }

    private static JsonObject ForApi(string type, SpidTokenSpec spec, TokenSubject subject)
    {
        var claims = ForUser(subject);
        claims["type"] = type;
        claims["user_id"] = UserTokenClaims.UserId;
        claims["client_id"] = subject.ClientId;
        claims["jti"] = Guid.NewGuid().ToString();
        TokenClaims.AddScope(claims, spec.Scope);
        return claims;
    }

    private static JsonObject ForUser(TokenSubject subject)
    {
        var claims = TokenClaims.Common(subject);
        claims["sub"] = UserTokenClaims.Subject;
        claims["aud"] = subject.ClientId;
        return claims;
    }
}
