using Spid.Testing.Clients;
using Spid.Testing.Transport;

namespace Spid.Testing.Endpoints;

/// <summary><c>POST /oauth/token</c> for the grant <c>client_credentials</c>.</summary>
internal sealed class TokenEndpoint(
    SpidBehavior behavior, BackendSelector backends, ClientAuthenticator authenticator, SpidClients clients, TokenResponseWriter writer) : IEndpoint
{
    public Reply Handle(ServerRequest request)
    {
        var (client, failure) = authenticator.Authenticate(request);
        if (client is null)
        {
            return backends.Refuse(request, failure, 400);
        }

        return Refuse(request, client) ?? Issue(request, client);
    }

    private Reply? Refuse(ServerRequest request, SpidClientRegistration client)
    {
        if (Repeated(request) is { } name)
        {
            return backends.Error(request, 400, "invalid_request", $"{name} is given more than once.");
        }

        switch (request.FormValue("grant_type"))
        {
            case null or "":
                return backends.Error(request, 400, "invalid_request", "grant_type is missing.");
            case not "client_credentials":
                return backends.Error(request, 400, "unsupported_grant_type", "Only client_credentials is supported.");
        }

        if (!client.MayAskFor(ScopesOf(request)))
        {
            return backends.Error(request, 400, "invalid_scope", "The client may not ask for this scope.");
        }

        // Only JWTs carry an audience; for other clients SPiD's documentation leaves resource without effect.
        return client.IssuesJwt && !request.FormValues("resource").All(Accepts)
            ? backends.Error(request, 400, "invalid_target", "The resource matches no registered domain.")
            : null;
    }

    private Reply Issue(ServerRequest request, SpidClientRegistration client)
    {
        var scope = string.Join(' ', ScopesOf(request));
        var body = writer.Write(client, scope, [.. request.FormValues("resource")], backends.IsModern(request));
        behavior.EditTokenBody?.Invoke(body);
        return Reply.Json(200, body).With("Cache-Control", "no-store").With("Pragma", "no-cache");
    }

    private bool Accepts(string resource) => Uri.TryCreate(resource, UriKind.Absolute, out var uri)
        && uri.Fragment.Length == 0
        && (behavior.AcceptUnregisteredResources || clients.KnowsResource(resource));

    private static string[] ScopesOf(ServerRequest request) =>
        (request.FormValue("scope") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // RFC 6749, section 3.2: a parameter comes once. RFC 8707, section 2, makes resource the exception.
    private static string? Repeated(ServerRequest request) => request.Form
        .Where(field => field.Key is not "resource")
        .GroupBy(field => field.Key, StringComparer.Ordinal)
        .FirstOrDefault(group => group.Skip(1).Any())?.Key;
}
