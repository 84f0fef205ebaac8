using System.Text.Json.Nodes;
using Spid.Testing.Clients;
using Spid.Testing.Faults;
using Spid.Testing.Tokens;
using Spid.Testing.Transport;

namespace Spid.Testing.Endpoints;

/// <summary><c>POST /oauth/register</c> (RFC 7591, but answered with 200).</summary>
internal sealed class RegistrationEndpoint(SpidClients clients, Merchants merchants, TokenStore store, TimeProvider timeProvider) : IEndpoint
{
    private const string DefaultScopes = "openid profile email phone address offline_access";

    public Reply Handle(ServerRequest request)
    {
        if (request.Credentials("Bearer") is not { } bearer
            || store.FindAlive(bearer) is not { } token
            || clients.Find(token.ClientId) is not { } owner)
        {
            return Refuse(401, "invalid_token", "The token is invalid or missing.").With("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        }

        var required = $"spid:merchants/{owner.Merchant}|write";
        if (!token.HasScope(required))
        {
            return Refuse(403, "insufficient_scope", "The token is missing the required scope.")
                .With("WWW-Authenticate", $"Bearer error=\"insufficient_scope\", scope=\"{required}\"");
        }

        return ClientMetadata.Parse(request.Body, merchants.Get(owner.Merchant).ScopePrefix) switch
        {
            { Error: { } error } => Refuse(400, error, "The client metadata is not valid."),
            var metadata => Register(metadata, owner.Merchant),
        };
    }

    private static Reply Refuse(int status, string error, string description) => ErrorReplies.Create(SpidErrorBody.OAuth, status, error, description);

    private Reply Register(ClientMetadata metadata, string merchant)
    {
        var scope = $"{metadata.Scope} {DefaultScopes}".Trim();
        var client = clients.Add(new SpidClientRegistration { Merchant = merchant, AllowedScopes = scope.Split(' ') });
        return Reply.Json(200, new JsonObject
        {
            ["client_id"] = client.ClientId,
            ["client_secret"] = client.ClientSecret,
            ["client_id_issued_at"] = timeProvider.GetUtcNow().ToUnixTimeSeconds(),
            ["client_secret_expires_at"] = 0,
            ["client_name"] = metadata.Name,
            ["client_uri"] = metadata.Uri,
            ["scope"] = scope,
            ["redirect_uris"] = new JsonArray([.. metadata.RedirectUris.Select(uri => JsonValue.Create(uri))]),
            ["mutual_tls_sender_constrained_access_tokens"] = false,
        });
    }
}
