using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>A service that speaks HTTP/2 on a connection.</summary>
[CancelAfter(60_000)]
internal sealed class Http2Tests
{
    [Test]
    public async Task Script_ServiceOnLoopback_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using ApiServer server = await ApiServer.StartHttp2Async(host.Api);
        string origin = server.Address.GetLeftPart(UriPartial.Authority);
        host.AddApi(place, Quick.AddRetries, origin);
        host.Services.AddHttpClient(ApiHost.Name, RequireHttp2).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler());

        await new CallScript(host, host.GetAsync) { Origins = [origin] }.RunAsync(cancellationToken);
    }

    [Test]
    public async Task GetAsync_TokenIsRevoked_RepetitionKeepsTheVersion(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using ApiServer server = await ApiServer.StartHttp2Async(host.Api);
        host.AddApi(Place.Before, Quick.AddRetries, server.Address.GetLeftPart(UriPartial.Authority));
        host.Services.AddHttpClient(ApiHost.Name, RequireHttp2).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler());
        await host.GetAsync(cancellationToken);
        host.Api.Revoke(host.Api.LatestToken);
        using HttpClient client = host.Client;

        using HttpResponseMessage response = await client.GetAsync("messages", cancellationToken);

        Assert.That((response.Version, await response.Content.ReadAsStringAsync(cancellationToken)), Is.EqualTo((HttpVersion.Version20, "HTTP/2")));
        Assert.That(host.TokenRequests, Is.EqualTo(2));
    }

    private static void RequireHttp2(HttpClient http)
    {
        http.DefaultRequestVersion = HttpVersion.Version20;
        http.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
    }
}
