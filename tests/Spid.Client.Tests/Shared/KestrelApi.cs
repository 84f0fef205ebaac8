using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Spid.Client.Http;

namespace Spid.Client.Tests.Shared;

/// <summary>A service behind a real connection, and a client of it with a token handler.</summary>
internal sealed class KestrelApi : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TestClient _client = new();
    private readonly Version _version;

    private KestrelApi(WebApplication application, Version version, SpidTokenHandlerOptions? options)
    {
        _application = application;
        _version = version;
        var origin = new Uri(application.Urls.Single());
        options ??= new SpidTokenHandlerOptions();
        options.AllowedOrigins.Add(origin.AbsoluteUri);
        Client = new HttpClient(new SpidTokenHandler(_client.Tokens, options) { InnerHandler = new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan } }) { BaseAddress = origin };
    }

    public HttpClient Client { get; }

    public StubSpid Spid => _client.Spid;

    public static async Task<KestrelApi> StartAsync(Version version, RequestDelegate answer, SpidTokenHandlerOptions? options = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(
            endpoint => endpoint.Protocols = version.Major == 2 ? HttpProtocols.Http2 : HttpProtocols.Http1));
        WebApplication application = builder.Build();
        application.Run(answer);
        await application.StartAsync();
        return new KestrelApi(application, version, options);
    }

    public HttpRequestMessage Post(HttpContent content) => new(HttpMethod.Post, "messages")
    {
        Version = _version,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = content,
    };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _client.Dispose();
        await _application.DisposeAsync();
    }
}
