using Spid.Testing.Transport;

namespace Spid.Testing.Clients;

/// <summary>Tells which client sent a request, by Basic header or by form fields but never both (RFC 6749, section 2.3).</summary>
internal sealed class ClientAuthenticator(SpidClients clients)
{
    public ClientAuthentication Authenticate(ServerRequest request)
    {
        var basic = request.Credentials("Basic");
        var bodySecret = request.FormValue("client_secret");
        var bodyId = request.FormValue("client_id");
        if (basic is null)
        {
            return Check(bodyId is null ? null : new BasicCredentials(bodyId, bodySecret ?? ""));
        }

        var credentials = BasicCredentials.Parse(basic);
        if (bodySecret is not null || (bodyId is not null && !string.Equals(bodyId, credentials?.ClientId, StringComparison.Ordinal)))
        {
            return new(Client: null, AuthenticationFailure.SeveralMethods);
        }

        var raw = Check(credentials);
        return raw.Failure is AuthenticationFailure.None ? raw : Check(credentials?.FormDecoded, raw.Failure);
    }

    /// <summary>The id a request claims, right or wrong.</summary>
    public static string? ClaimedClientId(ServerRequest request) =>
        request.Credentials("Basic") is { } basic ? BasicCredentials.Parse(basic)?.ClientId : request.FormValue("client_id");

    private ClientAuthentication Check(BasicCredentials? credentials, AuthenticationFailure known = AuthenticationFailure.UnknownClient)
    {
        if (credentials is null || clients.Find(credentials.ClientId) is not { } client)
        {
            return new(Client: null, known);
        }

        return client.HasSecret(credentials.ClientSecret) ? new(client, AuthenticationFailure.None) : new(Client: null, AuthenticationFailure.WrongSecret);
    }
}
