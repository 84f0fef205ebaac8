using System.Text.Json.Nodes;

namespace Spid.Testing.Tokens;

/// <summary>The claims of user tokens captured in 2018.</summary>
internal static class UserTokenClaims
{
    public const string Subject = "6e0cd1ad-0fe9-5f4c-9a3d-2f3a7c1d9b55";
    public const string UserId = "12345";
    private const string DefaultAudience = "https://service.example.com/";

    public static JsonObject Access(SpidTokenSpec spec, TokenSubject subject)
    {
        var claims = Of("token.OAuthUserAccessToken", subject);
        claims["sub"] = Subject;
        claims["aud"] = AudienceOf(spec);
        claims["azp"] = subject.ClientId;
        claims["client_id"] = subject.ClientId;
        claims["user_id"] = UserId;
        if (spec.Kind is SpidTokenKind.UserAccess)
        {
            claims["jti"] = Guid.NewGuid().ToString();
        }

        TokenClaims.AddScope(claims, spec.Scope);
        return claims;
    }

    public static JsonObject Id(SpidTokenSpec spec, TokenSubject subject)
    {
        var claims = Of("token.IDToken", subject);
        claims["sub"] = Subject;
        claims["aud"] = new JsonArray(subject.ClientId, AudienceOf(spec));
        claims["azp"] = subject.ClientId;
        claims["legacy_user_id"] = UserId;
        return claims;
    }

    public static JsonObject Refresh(SpidTokenSpec spec, TokenSubject subject)
    {
        var claims = Of("token.OAuthUserRefreshToken", subject);
        claims["ajti"] = Guid.NewGuid().ToString();
        claims["aud"] = AudienceOf(spec);
        claims["client_id"] = subject.ClientId;
        claims["user_id"] = UserId;
        TokenClaims.AddScope(claims, spec.Scope);
        return claims;
    }

    private static JsonObject Of(string tokenClass, TokenSubject subject)
    {
        var claims = TokenClaims.Common(subject);
        claims["class"] = tokenClass;
        return claims;
    }

    private static string AudienceOf(SpidTokenSpec spec) => spec.Audience.FirstOrDefault() ?? DefaultAudience;
}
