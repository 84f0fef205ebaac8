namespace Spid.Client.Tokens;

/// <summary>How the library talks to SPiD when nobody else says so.</summary>
internal static class Backchannel
{
    /// <summary>Creates the handler. .NET repeats a POST body to another origin on 307 and 308, so redirects are not followed.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        MaxResponseHeadersLength = 32,
    };

    public static HttpClient CreateClient()
    {
        var client = new HttpClient(CreateHandler(), disposeHandler: true);
        Configure(client);
        return client;
    }

    /// <summary>The resilience pipeline has the timeouts; the body is read up to a limit of its own.</summary>
    public static void Configure(HttpClient client) => client.Timeout = Timeout.InfiniteTimeSpan;
}
