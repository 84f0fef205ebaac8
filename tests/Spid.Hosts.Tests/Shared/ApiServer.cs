using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Spid.Hosts.Tests.Shared;

/// <summary>The service as an ASP.NET Core application: in memory, or on loopback.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ApiServer(WebApplication application) => _application = application;

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public HttpMessageHandler CreateHandler() => _application.GetTestServer().CreateHandler();

    /// <summary>Starts the service in memory.</summary>
    public static Task<ApiServer> StartAsync(Api api, Action<IServiceCollection>? add = null, Action<WebApplication>? map = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        add?.Invoke(builder.Services);
        return StartAsync(builder, api, map ?? (application => application.MapGet("/messages", () => "answer")));
    }

    /// <summary>Starts the service on a port of loopback, with TLS where there is a certificate.</summary>
    public static Task<ApiServer> StartOnLoopbackAsync(Api api, Action<IServiceCollection> add, Action<WebApplication> map, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        add(builder.Services);
        return StartAsync(builder, api, map);
    }

    /// <summary>Starts the service on a port of loopback that speaks HTTP/2 without TLS.</summary>
    public static Task<ApiServer> StartHttp2Async(Api api)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        return StartAsync(builder, api, application => application.MapGet("/messages", (HttpContext context) => context.Request.Protocol));
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private static async Task<ApiServer> StartAsync(WebApplicationBuilder builder, Api api, Action<WebApplication> map)
    {
        builder.Logging.ClearProviders();
        WebApplication application = builder.Build();
        application.Use(api.ReceiveAsync);
        map(application);
        await application.StartAsync();
        return new ApiServer(application);
    }
}
