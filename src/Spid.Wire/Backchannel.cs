namespace Spid.Wire;

/// <summary>How the library talks to SPiD when nobody else says so.</summary>
internal static class Backchannel
{
    public static HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        Secure(handler);
        var client = new HttpClient(handler, disposeHandler: true);
        Configure(client);
        return client;
    }

    /// <summary>
    /// Makes a handler fit to carry the client secret, whoever chose it: .NET repeats a POST body to another origin on 307 and
    /// 308, so redirects are not followed. Handlers of other kinds, such as a test's, are left as they are.
    /// </summary>
    public static void Secure(HttpMessageHandler handler)
    {
        switch (handler)
        {
            case SocketsHttpHandler sockets when sockets.AllowAutoRedirect || sockets.UseCookies || sockets.ActivityHeadersPropagator is not null:
                sockets.AllowAutoRedirect = false;
                sockets.UseCookies = false;

                // The platform's span quotes a malformed answer in its exception event, and an answer can echo the secret.
                sockets.ActivityHeadersPropagator = null;
                break;
            case HttpClientHandler client when client.AllowAutoRedirect:
                client.AllowAutoRedirect = false;
                break;
            default:
                break;
        }
    }

    /// <summary>The resilience pipeline has the timeouts; the body is read up to a limit of its own.</summary>
    public static void Configure(HttpClient client) => client.Timeout = Timeout.InfiniteTimeSpan;
}
