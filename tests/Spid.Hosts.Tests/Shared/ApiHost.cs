using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Spid.Testing;

namespace Spid.Hosts.Tests.Shared;

/// <summary>An application that calls one service with tokens of SPiD, on a clock of the test.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    public const string Name = "api";
    public const string Address = "https://api.test";

    private readonly Lazy<ServiceProvider> _provider;

    public ApiHost()
    {
        Spid = SpidServers.Create(Time);
        Spid.Behavior.TokenLifetime = TimeSpan.FromMinutes(15);

        Observe(Services);
        Services
            .AddSpidClientCredentials(options => (options.Authority, options.ClientId, options.ClientSecret) = (Spid.BaseAddress, Spid.ClientId, Spid.ClientSecret))
            .Backchannel.ConfigurePrimaryHttpMessageHandler(Spid.CreateHandler);
        _provider = new(() => Services.BuildServiceProvider());
    }

    public PauselessTime Time { get; } = new();

    public SpidServer Spid { get; }

    public Api Api { get; } = new();

    public LogRecorder Logs { get; } = new();

    public ServiceCollection Services { get; } = [];

    public ServiceProvider Provider => _provider.Value;

    public HttpClient Client => Provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name);

    /// <summary>Gets the chain of handlers by itself.</summary>
    public HttpMessageHandler Chain => Provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(Name);

    /// <summary>Gets what a handler that the application gives to all clients saw, for each attempt.</summary>
    public ConcurrentQueue<string?> AuthorizationsBelow { get; } = new();

    /// <summary>Gets the messages that came out of the client with an answer, or with none.</summary>
    public ConcurrentQueue<HttpRequestMessage> MessagesAbove { get; } = new();

    public int TokenRequests => Spid.Requests.To(SpidEndpoint.Token).Count;

    /// <summary>Gives the clock and the recorders of the test to an application.</summary>
    public void Observe(IServiceCollection services)
    {
        // The first filter acts last, so that it sees what is above all handlers of the client.
        services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter>(new Outermost(MessagesAbove)));
        services.AddLogging(logging => logging.ClearProviders().AddProvider(Logs).SetMinimumLevel(LogLevel.Trace)).AddSingleton<TimeProvider>(Time);
        services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(
            () => new NotingHandler(request => AuthorizationsBelow.Enqueue(request.Headers.Authorization?.ToString()))));
    }

    /// <summary>Registers the client that calls the service.</summary>
    public IHttpClientBuilder AddApi(string address = Address) =>
        Services.AddHttpClient(Name, http => http.BaseAddress = new Uri(address)).ConfigurePrimaryHttpMessageHandler(Api.CreateHandler);

    /// <summary>Registers the client with handlers of a package, written before or after the token handler, or for all clients.</summary>
    public void AddApi(Place place, Action<IHttpClientBuilder> addPackage, string address = Address)
    {
        if (place is Place.Defaults)
        {
            Services.ConfigureHttpClientDefaults(addPackage);
        }

        IHttpClientBuilder api = AddApi(address);
        if (place is Place.Before)
        {
            addPackage(api);
        }

        api.AddSpidTokenHandler();
        if (place is Place.After)
        {
            addPackage(api);
        }
    }

    public async Task<CallOutcome> GetAsync(CancellationToken cancellationToken) => await CallOutcome.OfAsync(async () =>
    {
        using HttpClient client = Client;
        using HttpResponseMessage response = await client.GetAsync("messages", cancellationToken);
        return (int)response.StatusCode;
    });

    public async ValueTask DisposeAsync()
    {
        if (_provider.IsValueCreated)
        {
            await _provider.Value.DisposeAsync();
        }

        await Spid.DisposeAsync();
    }

    private sealed class Outermost(ConcurrentQueue<HttpRequestMessage> messages) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            if (builder.Name?.StartsWith("Spid.", StringComparison.Ordinal) != true)
            {
                builder.AdditionalHandlers.Insert(0, new MessageRecorder(messages));
            }
        };
    }

    private sealed class MessageRecorder(ConcurrentQueue<HttpRequestMessage> messages) : DelegatingHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            messages.Enqueue(request);
            HttpResponseMessage response = base.Send(request, cancellationToken);
            messages.Enqueue(response.RequestMessage ?? request);
            return response;
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            messages.Enqueue(request);
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            messages.Enqueue(response.RequestMessage ?? request);
            return response;
        }
    }
}
