using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spid.Hosts.Tests.Shared;
using Spid.Testing;

namespace Spid.Hosts.Tests.Bodies;

/// <summary>A service that refuses the first token that it meets, and a host with a client of it.</summary>
internal sealed class RevokingApi : IAsyncDisposable
{
    private readonly SpidServer _spid = SpidServers.Create(new PauselessTime());
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<string> _tokens = new();

    private RevokingApi(HttpProtocols protocols, Action<IServiceCollection> configure, Action<WebApplication> map)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols));
        configure(builder.Services);
        _application = builder.Build();
        _application.Use(RefuseAsync);
        map(_application);
    }

    /// <summary>Gets or sets whether a refused request is read to its end before it is answered.</summary>
    public bool ReadsRefused { get; set; } = true;

    public int Requests => _tokens.Count;

    public Uri Address => new(_application.Urls.Single());

    public static async Task<RevokingApi> StartAsync(HttpProtocols protocols, Action<IServiceCollection> configure, Action<WebApplication> map)
    {
        var api = new RevokingApi(protocols, configure, map);
        await api._application.StartAsync();
        return api;
    }

    /// <summary>Makes a host whose client of this service goes through further handlers.</summary>
    public ServiceProvider CreateHost(Action<IHttpClientBuilder>? configure = null)
    {
        var services = new ServiceCollection();
        services
            .AddSpidClientCredentials(options => (options.Authority, options.ClientId, options.ClientSecret) = (_spid.BaseAddress, _spid.ClientId, _spid.ClientSecret))
            .Backchannel.ConfigurePrimaryHttpMessageHandler(() => _spid.CreateHandler());
        IHttpClientBuilder client = services.AddHttpClient("api", http => http.BaseAddress = Address).AddSpidTokenHandler();
        configure?.Invoke(client);
        return services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _spid.DisposeAsync();
    }

    private async Task RefuseAsync(HttpContext context, RequestDelegate next)
    {
        string token = context.Request.Headers.Authorization.ToString();
        _tokens.Enqueue(token);
        if (token != _tokens.First())
        {
            await next(context);
            return;
        }

        if (ReadsRefused)
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }

        context.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
    }
}
