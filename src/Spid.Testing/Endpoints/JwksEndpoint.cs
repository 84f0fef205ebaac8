using System.Text.Json.Nodes;
using Spid.Testing.Keys;
using Spid.Testing.Transport;

namespace Spid.Testing.Endpoints;

/// <summary><c>GET /oauth/jwks</c>.</summary>
internal sealed class JwksEndpoint(SpidKeys keys) : IEndpoint
{
    public Reply Handle(ServerRequest request) => Reply.Json(200, new JsonObject
    {
        ["keys"] = new JsonArray([.. keys.Published.Select(key => key.ToJson())]),
    });
}
