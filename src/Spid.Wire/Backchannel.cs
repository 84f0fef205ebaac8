using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace Spid.Wire;

/// <summary>The rules of every connection to SPiD.</summary>
internal static class Backchannel
{
    /// <summary>Creates a client with a connection pool of its own.</summary>
    public static HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        Secure(handler);
        var client = new HttpClient(handler, disposeHandler: true);
        Configure(client);
        return client;
    }

    /// <summary>
    /// Registers the name under which an application configures a connection; <see cref="BackchannelFactory"/> makes it. A client of
    /// that name that the application takes from <see cref="IHttpClientFactory"/> itself follows no redirects either.
    /// </summary>
    public static IHttpClientBuilder AddTo(IServiceCollection services, string httpClientName)
    {
        services.PostConfigure<HttpClientFactoryOptions>(
            httpClientName,
            static options => options.HttpMessageHandlerBuilderActions.Add(static builder => Secure(builder.PrimaryHandler)));
        return services.AddHttpClient(httpClientName).RedactLoggedHeaders(["Authorization"]);
    }

    /// <summary>
    /// Makes a transport safe for the client secret, wherever it comes from: .NET repeats a POST body to another origin on 307 and
    /// 308, so redirects are not followed. Transports of other kinds, such as a test's, are left as they are.
    /// </summary>
    /// <exception cref="InvalidOperationException">The handler is not safe and has sent requests already, so it cannot be changed.</exception>
    public static void Secure(HttpMessageHandler handler)
    {
        HttpMessageHandler? transport = handler;
        while (transport is DelegatingHandler { InnerHandler: { } inner })
        {
            transport = inner;
        }

        try
        {
            SecureTransport(transport);
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException(
                "The primary handler of the connection to SPiD has sent requests before, and follows redirects, keeps cookies or writes spans: give the connection a handler of its own.",
                exception);
        }
    }

    /// <summary>The resilience pipeline has the timeouts; the body is read up to a limit of its own.</summary>
    public static void Configure(HttpClient client) => client.Timeout = Timeout.InfiniteTimeSpan;

    private static void SecureTransport(HttpMessageHandler transport)
    {
        switch (transport)
        {
            case SocketsHttpHandler sockets when sockets.AllowAutoRedirect || sockets.UseCookies || sockets.ActivityHeadersPropagator is not null:
                sockets.AllowAutoRedirect = false;
                sockets.UseCookies = false;

                // The platform's span quotes a malformed answer in its exception event, and an answer can echo the secret.
                sockets.ActivityHeadersPropagator = null;
                break;
            case HttpClientHandler client:
                if (client.AllowAutoRedirect || client.UseCookies)
                {
                    client.AllowAutoRedirect = false;
                    client.UseCookies = false;
                }

                if (UnderlyingTransport.Find(client) is { } underlying)
                {
                    SecureTransport(underlying);
                }

                break;
            default:
                break;
        }
    }
}
