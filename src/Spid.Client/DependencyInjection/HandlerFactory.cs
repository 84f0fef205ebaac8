using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Spid.Client.Http;
using Spid.Client.Tokens;

namespace Spid.Client.DependencyInjection;

/// <summary>Puts the token handler and its guard around the other handlers of one named <see cref="HttpClient"/>.</summary>
internal static class HandlerFactory
{
    /// <summary>
    /// Acts when all handlers have been added. The token handler comes first: a failure to get a token is then no attempt at the service
    /// that a resilience handler would repeat, and the address is the one that the caller wrote. The guard comes last, with the first
    /// request: filters act after this, which replace the primary handler, or look for one of the platform's own to set its meters.
    /// </summary>
    public static void Surround(HttpMessageHandlerBuilder builder, string httpClientName, string clientName) =>
        builder.AdditionalHandlers.Insert(0, Create(builder.Services, httpClientName, clientName, () => builder.PrimaryHandler));

    /// <summary>Creates a handler that looks for its parts when it sends: the platform remembers for good what the making of a handler throws.</summary>
    public static SpidTokenHandler Create(IServiceProvider services, string httpClientName, string clientName, Func<HttpMessageHandler?> findPrimary) =>
        new(() => CreateParts(services, httpClientName, clientName), handler => Protect(services, handler, httpClientName, findPrimary()));

    private static HandlerParts CreateParts(IServiceProvider services, string httpClientName, string clientName)
    {
        // The options come first: their validation says which client is missing, the container would not.
        CurrentHandlerOptions current = services.GetRequiredService<LastValidOptions>().Follow(httpClientName);
        SpidTokenHandlerOptions options = current.Value;
        IOptionsMonitor<HttpClientFactoryOptions> httpClients = services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>();
        Uri? FindBaseAddress() => HandlerFactory.FindBaseAddress(services, httpClients, httpClientName);
        return new HandlerParts(
            FindProvider(services, clientName),
            options,
            new OriginPolicy(options, FindBaseAddress, httpClientName, isGuarded: true),
            LoggersOf(services).CreateLogger<SpidTokenHandler>(),
            current);
    }

    /// <summary>Finds the provider that is registered for the client, which may be the application's own.</summary>
    private static ISpidTokenProvider FindProvider(IServiceProvider services, string clientName) => clientName.Length == 0
        ? services.GetRequiredService<ISpidTokenProvider>()
        : services.GetRequiredKeyedService<ISpidTokenProvider>(clientName);

    /// <summary>
    /// The builder keeps its configuration as actions that run on each new client. Run on a throw-away one they tell the base
    /// address, in whatever order the calls on the builder stood.
    /// </summary>
    private static Uri? FindBaseAddress(IServiceProvider services, IOptionsMonitor<HttpClientFactoryOptions> httpClients, string httpClientName)
    {
        using var probe = new HttpClient(new NoTransport());
        foreach (Action<HttpClient> configure in httpClients.Get(httpClientName).HttpClientActions)
        {
            configure(probe);
        }

        return probe.BaseAddress ?? GrpcAddress.Find(services, httpClientName);
    }

    /// <summary>
    /// Keeps the token out of what the platform logs below the handler, wherever its logging comes from, and away from addresses that
    /// are not allowed, whatever leads there.
    /// </summary>
    private static void Protect(IServiceProvider services, SpidTokenHandler handler, string httpClientName, HttpMessageHandler? primary)
    {
        HeaderlessLogging.ReplaceBelow(handler, LoggersOf(services), httpClientName);
        OriginGuard.Insert(handler, primary);
    }

    private static ILoggerFactory LoggersOf(IServiceProvider services) => services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;

    private sealed class NoTransport : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A client that is being configured sends nothing.");
    }
}
