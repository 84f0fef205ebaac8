using System.Globalization;
using System.Text.Json.Nodes;
using Spid.Testing.Behavior;
using Spid.Testing.Clients;
using Spid.Testing.Tokens;

namespace Spid.Testing.Endpoints;

/// <summary>Issues a token and lays out the answer in the chosen <see cref="SpidTokenBody"/>.</summary>
internal sealed class TokenResponseWriter(SpidBehavior behavior, TokenIssuer issuer, TimeProvider timeProvider)
{
    public JsonObject Write(SpidClientRegistration client, string scope, IList<string> resources, bool modern)
    {
        var shape = behavior.TokenBody is SpidTokenBody.Automatic ? AutomaticShape(client, modern) : behavior.TokenBody;
        if (shape is SpidTokenBody.EmptyObject)
        {
            return [];
        }

        var lifetime = behavior.TokenLifetime ?? LifetimeOf(shape);
        var token = issuer.Issue(new SpidTokenSpec
        {
            Kind = client.IssuesJwt && !IsLegacy(shape) ? SpidTokenKind.ClientAccess : SpidTokenKind.Opaque,
            ClientId = client.ClientId,
            Scope = scope.Length == 0 ? null : scope,
            Audience = resources,
            Lifetime = lifetime,
        });
        var body = Fields(shape, scope, client.ClientId);
        if (shape is not SpidTokenBody.WithoutAccessToken)
        {
            body.Insert(0, "access_token", token.Value);
        }

        AddExpiry(body, shape, (long)lifetime.TotalSeconds);
        return body;
    }

    private static SpidTokenBody AutomaticShape(SpidClientRegistration client, bool modern) =>
        modern && client.IssuesJwt ? SpidTokenBody.Jwt : SpidTokenBody.Legacy;

    private static bool IsLegacy(SpidTokenBody shape) =>
        shape is SpidTokenBody.LegacyWithoutTokenType or SpidTokenBody.Legacy or SpidTokenBody.LegacyUser;

    private static TimeSpan LifetimeOf(SpidTokenBody shape) => shape switch
    {
        SpidTokenBody.Mixed => TimeSpan.FromSeconds(600),
        _ => TokenLifetimes.Of(IsLegacy(shape) ? SpidTokenKind.Opaque : SpidTokenKind.ClientAccess),
    };

    private JsonObject Fields(SpidTokenBody shape, string scope, string clientId) => shape switch
    {
        SpidTokenBody.LegacyWithoutTokenType => Legacy(scope: null, userId: false),
        SpidTokenBody.Legacy => WithType(Legacy(scope: null, userId: false)),
        SpidTokenBody.LegacyUser => WithType(Legacy(scope, UserTokenClaims.UserId)),
        SpidTokenBody.Mixed => Mixed(scope, clientId),
        SpidTokenBody.Jwt => WithType(new() { ["scope"] = scope }),
        _ => WithType([]),
    };

    private JsonObject Legacy(string? scope, JsonNode userId) => new()
    {
        ["scope"] = scope,
        ["user_id"] = userId,
        ["is_admin"] = false,
        ["refresh_token"] = RandomText.OpaqueToken(),
        ["server_time"] = timeProvider.GetUtcNow().ToUnixTimeSeconds(),
    };

    private JsonObject Mixed(string scope, string clientId)
    {
        var body = WithType(Legacy(scope, UserTokenClaims.UserId));
        body["refresh_token"] = Companion(SpidTokenKind.RefreshHs256, clientId);
        body["id_token"] = Companion(SpidTokenKind.IdToken, clientId);
        return body;
    }

    private string Companion(SpidTokenKind kind, string clientId) => issuer.Issue(new SpidTokenSpec { Kind = kind, ClientId = clientId }).Value;

    private static JsonObject WithType(JsonObject body)
    {
        body["token_type"] = "Bearer";
        return body;
    }

    private void AddExpiry(JsonObject body, SpidTokenBody shape, long seconds)
    {
        var format = behavior.ExpiresInFormat;
        if (format is SpidExpiresInFormat.Automatic)
        {
            format = shape is SpidTokenBody.Minimal ? SpidExpiresInFormat.Text : SpidExpiresInFormat.Number;
        }

        if (format is not SpidExpiresInFormat.Omitted)
        {
            body["expires_in"] = format is SpidExpiresInFormat.Text ? seconds.ToString(CultureInfo.InvariantCulture) : seconds;
        }
    }
}
