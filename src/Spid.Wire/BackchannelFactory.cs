using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Spid.Wire;

/// <summary>
/// Makes the clients of one connection to SPiD from what the application configured for that name. A container of its own holds the
/// platform's client factory, so that filters, builders and defaults for all clients of the application have no part in it.
/// </summary>
/// <param name="application">The services of the application.</param>
/// <param name="name">The name of the client that the application configures.</param>
/// <param name="createInnermost">Creates the handler next to the transport, if there is one.</param>
internal sealed class BackchannelFactory(IServiceProvider application, string name, Func<DelegatingHandler>? createInnermost = null)
{
    private Handlers? _handlers;

    /// <summary>Creates the client for one request. What fails while it is made, such as a factory of the application, is the failure of that request.</summary>
    public HttpClient CreateClient()
    {
        try
        {
            return Create();
        }
        catch (Exception exception)
        {
            return new HttpClient(new FailedHandler(exception));
        }
    }

    private HttpClient Create()
    {
        Handlers handlers = Volatile.Read(ref _handlers) ?? Start();
        var client = new HttpClient(GetHandler(handlers), disposeHandler: false);
        Backchannel.Configure(client);
        foreach (Action<HttpClient> configure in handlers.Options.HttpClientActions)
        {
            configure(client);
        }

        return client;
    }

    private HttpMessageHandler GetHandler(Handlers handlers)
    {
        try
        {
            return handlers.Factory.CreateHandler(name);
        }
        catch
        {
            // The platform's factory remembers a failure for as long as it lives, so the next request starts with another one.
            Interlocked.CompareExchange(ref _handlers, null, handlers);
            throw;
        }
    }

    private Handlers Start()
    {
        HttpClientFactoryOptions options = BackchannelOptions.Create(application, name);
        var services = new ServiceCollection();
        services.AddSingleton(application.GetRequiredService<ILoggerFactory>());
        services.AddSingleton<IOptionsMonitor<HttpClientFactoryOptions>>(new FixedOptions(options));
        if (application.GetService<IMeterFactory>() is { } meters)
        {
            services.AddSingleton(meters);
        }

        // Handlers that come from the application's container live in a scope of it, which ends with them.
        services.AddScoped(_ => application.CreateScope());
        services.AddTransient<HttpMessageHandlerBuilder>(provider => new BackchannelHandlerBuilder(
            options.SuppressHandlerScope ? application : provider.GetRequiredService<IServiceScope>().ServiceProvider,
            options,
            createInnermost));
        services.AddHttpClient();
        var started = new Handlers(services.BuildServiceProvider().GetRequiredService<IHttpMessageHandlerFactory>(), options);
        return Interlocked.CompareExchange(ref _handlers, started, null) ?? started;
    }

    private sealed record Handlers(IHttpMessageHandlerFactory Factory, HttpClientFactoryOptions Options);

    private sealed class FixedOptions(HttpClientFactoryOptions options) : IOptionsMonitor<HttpClientFactoryOptions>
    {
        public HttpClientFactoryOptions CurrentValue => options;

        public HttpClientFactoryOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<HttpClientFactoryOptions, string?> listener) => null;
    }

    private sealed class FailedHandler(Exception exception) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(exception);
    }
}
