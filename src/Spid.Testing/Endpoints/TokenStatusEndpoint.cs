using System.Text.Json.Nodes;
using Spid.Testing.Clients;
using Spid.Testing.Faults;
using Spid.Testing.Tokens;
using Spid.Testing.Transport;

namespace Spid.Testing.Endpoints;

/// <summary><c>GET /api/2/token/{token}/authentication</c>, the one documented way to check an opaque token.</summary>
internal sealed class TokenStatusEndpoint(SpidClients clients, Merchants merchants, TokenStore store, TimeProvider timeProvider) : IEndpoint
{
    private const string Prefix = "/api/2/token/";
    private const string Suffix = "/authentication";

    public static bool Matches(string path) => path.StartsWith(Prefix, StringComparison.Ordinal)
        && path.EndsWith(Suffix, StringComparison.Ordinal)
        && path.Length > Prefix.Length + Suffix.Length;

    public Reply Handle(ServerRequest request)
    {
        var value = request.Path[Prefix.Length..^Suffix.Length];
        return store.FindAlive(value) is { } token && clients.Find(token.ClientId) is { } client
            ? Container.Element("Token", Describe(token, client))
            : Container.Failed(404, ErrorReplies.Nested(404, "ApiException", "The token is not valid."), Container.Unlimited);
    }

    private JsonObject Describe(IssuedToken token, SpidClientRegistration client)
    {
        var userId = token.Claims["user_id"]?.DeepClone();
        return new JsonObject
        {
            ["id"] = token.Value,
            ["clientId"] = client.ClientId,
            ["userId"] = userId,
            ["merchantId"] = merchants.Get(client.Merchant).Id,
            ["isAdmin"] = false,
            ["type"] = userId is null ? "CLIENT" : "USER",
            ["expiresIn"] = (long)(token.ExpiresAt - timeProvider.GetUtcNow()).TotalSeconds,
        };
    }
}
