using Spid.Testing.Faults;
using Spid.Testing.Transport;

namespace Spid.Testing.Endpoints;

/// <summary>Finds the endpoint of a path; discovery is left out because SPiD has none.</summary>
internal sealed class Router(IReadOnlyDictionary<SpidEndpoint, IEndpoint> endpoints)
{
    public static SpidEndpoint Find(string path) => path switch
    {
        "/oauth/token" => SpidEndpoint.Token,
        "/oauth/introspect" => SpidEndpoint.Introspection,
        "/oauth/jwks" => SpidEndpoint.Jwks,
        "/oauth/register" => SpidEndpoint.Registration,
        _ => TokenStatusEndpoint.Matches(path) ? SpidEndpoint.TokenStatus : SpidEndpoint.Unknown,
    };

    public Reply Handle(SpidEndpoint endpoint, ServerRequest request)
    {
        if (!endpoints.TryGetValue(endpoint, out var handler))
        {
            return Container.Failed(404, ErrorReplies.Nested(404, "ApiException", "No such endpoint."), Container.Unlimited);
        }

        var method = endpoint is SpidEndpoint.Jwks or SpidEndpoint.TokenStatus ? "GET" : "POST";
        return string.Equals(request.Method, method, StringComparison.Ordinal) ? handler.Handle(request) : Reply.Empty(405).With("Allow", method);
    }
}
