using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Spid.Client.Http;
using Spid.Client.Tokens;

namespace Spid.Client.DependencyInjection;

/// <summary>Makes the token handler of one named <see cref="HttpClient"/>.</summary>
internal static class HandlerFactory
{
    public static SpidTokenHandler Create(IServiceProvider provider, string httpClientName, string clientName)
    {
        ILoggerFactory loggers = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;

        // The options come first: their validation says which client is missing, the container would not.
        SpidTokenHandlerOptions options = provider.GetRequiredService<LastValidOptions>().Get(httpClientName);
        IOptionsMonitor<HttpClientFactoryOptions> httpClients = provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>();
        return new SpidTokenHandler(
            provider.GetRequiredKeyedService<TokenClient>(clientName),
            options,
            () => FindBaseAddress(httpClients.Get(httpClientName)),
            httpClientName,
            loggers.CreateLogger<SpidTokenHandler>(),
            handler => HeaderlessLogging.ReplaceBelow(handler, loggers, httpClientName));
    }

    /// <summary>
    /// The builder keeps its configuration as actions that run on each new client. Run on a throw-away one they tell the base
    /// address, in whatever order the calls on the builder stood.
    /// </summary>
    private static Uri? FindBaseAddress(HttpClientFactoryOptions options)
    {
        using var probe = new HttpClient(new NoTransport());
        foreach (Action<HttpClient> configure in options.HttpClientActions)
        {
            configure(probe);
        }

        return probe.BaseAddress;
    }

    private sealed class NoTransport : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A client that is being configured sends nothing.");
    }
}
