using System.Text.Json.Nodes;
using Spid.Testing.Behavior;
using Spid.Testing.Clients;
using Spid.Testing.Tokens;
using Spid.Testing.Transport;

namespace Spid.Testing.Endpoints;

/// <summary><c>POST /oauth/introspect</c>.</summary>
internal sealed class IntrospectionEndpoint(
    SpidBehavior behavior, BackendSelector backends, ClientAuthenticator authenticator, SpidClients clients, TokenStore store, TimeProvider timeProvider) : IEndpoint
{
    public Reply Handle(ServerRequest request)
    {
        var (client, failure) = Authenticate(request);
        if (client is null)
        {
            return backends.Refuse(request, failure, 401).With("WWW-Authenticate", "Basic realm=\"spid\"");
        }

        if (request.FormValue("token") is not { Length: > 0 } value)
        {
            return backends.Error(request, 400, "invalid_request", "token is missing.");
        }

        var body = store.FindAlive(value) is { } token && MaySee(client, token) ? Active(token) : new JsonObject { ["active"] = false };
        behavior.EditIntrospectionBody?.Invoke(body);
        return Reply.Json(200, body).With("Cache-Control", "no-store");
    }

    /// <summary>Basic is documented; the Node SDK may send an access token of the resource server's own client instead.</summary>
    private ClientAuthentication Authenticate(ServerRequest request)
    {
        if (request.Credentials("Bearer") is not { } bearer)
        {
            return authenticator.Authenticate(request);
        }

        return store.FindAlive(bearer) is { } token && clients.Find(token.ClientId) is { } client
            ? new(client, AuthenticationFailure.None)
            : new(Client: null, AuthenticationFailure.WrongSecret);
    }

    private bool MaySee(SpidClientRegistration asking, IssuedToken token)
    {
        if (token.Kind is SpidTokenKind.Opaque || clients.Find(token.ClientId) is not { } owner)
        {
            return false;
        }

        return behavior.IntrospectionRule is SpidIntrospectionRule.Anyone
            || string.Equals(owner.Merchant, asking.Merchant, StringComparison.Ordinal)
            || token.Audience.Any(audience => string.Equals(audience, asking.ClientId, StringComparison.Ordinal) || asking.Serves(audience));
    }

    private JsonObject Active(IssuedToken token)
    {
        var body = new JsonObject { ["active"] = true, ["token_type"] = "Bearer" };
        var claims = behavior.IntrospectionBody switch
        {
            SpidIntrospectionBody.WithNow => ["scope", "client_id", "exp"],
            SpidIntrospectionBody.ServiceToService => ["scope", "client_id", "exp", "iat", "iss", "aud"],
            _ => token.Claims.Select(claim => claim.Key),
        };
        foreach (var name in claims.Where(token.Claims.ContainsKey))
        {
            body[name] = token.Claims[name]?.DeepClone();
        }

        if (behavior.IntrospectionBody is SpidIntrospectionBody.WithNow)
        {
            body["now"] = timeProvider.GetUtcNow().ToUnixTimeSeconds();
        }

        SetIssuer(body);
        return body;
    }

    private void SetIssuer(JsonObject body)
    {
        if (body["iss"] is JsonValue issuer)
        {
            var bare = issuer.ToString().TrimEnd('/');
            body["iss"] = behavior.IntrospectionBody is SpidIntrospectionBody.Full ? bare + "/" : bare;
        }

        if (body["aud"] is JsonValue audience)
        {
            body["aud"] = new JsonArray(audience.DeepClone());
        }
    }
}
