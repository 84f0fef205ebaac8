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
        SpidTokenHandlerOptions options = provider.GetRequiredService<IOptionsMonitor<SpidTokenHandlerOptions>>().Get(httpClientName);
        return new SpidTokenHandler(
            provider.GetRequiredKeyedService<TokenClient>(clientName),
            options,
            FindBaseAddress(provider, httpClientName),
            httpClientName,
            loggers.CreateLogger<SpidTokenHandler>());
    }

    /// <summary>
    /// The builder keeps its configuration as actions that run on each new client. Run on a throw-away one they tell the base
    /// address, in whatever order the calls on the builder stood.
    /// </summary>
    private static Uri? FindBaseAddress(IServiceProvider provider, string httpClientName)
    {
        HttpClientFactoryOptions options = provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(httpClientName);
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
