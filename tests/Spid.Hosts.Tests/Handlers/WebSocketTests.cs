using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>WebSockets over the chain of handlers. The SignalR client opens its own past the chain, unless it may use HTTP/2.</summary>
[CancelAfter(60_000)]
internal sealed class WebSocketTests
{
    [Test]
    public async Task StartAsync_HandlerAlone_WebSocketIsRefused(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost { Api = { RecordsOnly = true } };
        await using HubServer server = await HubServer.StartAsync(host);
        AddHub(host, Place.After, server, () => new SocketsHttpHandler());
        await using HubConnection connection = server.CreateConnection(options => options.HttpMessageHandlerFactory = _ => host.Chain);

        Exception? exception = await Assert.CatchAsync(() => connection.StartAsync(cancellationToken));

        Assert.That(exception!.ToString(), Does.Contain("'401' when status code '101' was expected"));
        Assert.That(host.Api.Attempts.Select(attempt => attempt.Token is not null), Is.EqualTo(new[] { true, false }), "the negotiation has a token");
    }

    [Test]
    public async Task StartAsync_HandlerAloneAndOtherTransports_FallsBackToOneWithTheToken(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost { Api = { RecordsOnly = true } };
        await using HubServer server = await HubServer.StartAsync(host);
        AddHub(host, Place.After, server, () => new SocketsHttpHandler());
        await using HubConnection connection = server.CreateConnection(
            options => options.HttpMessageHandlerFactory = _ => host.Chain, transports: HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents);

        await connection.StartAsync(cancellationToken);

        Assert.That(await HubServer.GetCallerAsync(connection, cancellationToken), Is.EqualTo(host.Spid.ClientId));
        Assert.That(host.Api.Attempts.Select(attempt => attempt.Token), Has.Exactly(1).Null, "the WebSocket has none");
    }

    [Test]
    public async Task Script_HandlerAndHttp2_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        using var certificate = new LoopbackCertificate();
        await using HubServer server = await HubServer.StartAsync(host, certificate.Certificate);
        AddHub(host, place, server, certificate.CreateTransport);

        await new CallScript(host, stopping => CallOutcome.OfAsync(() => ConnectAsync(host, server, stopping)))
        {
            Origins = [server.Address.GetLeftPart(UriPartial.Authority)],
        }.RunAsync(cancellationToken);
        Assert.That(host.Api.Attempts.Select(attempt => attempt.Method), Has.Some.EqualTo("CONNECT").And.None.EqualTo("GET"));
    }

    [TestCase("1.1", "GET")]
    [TestCase("2.0", "CONNECT")]
    public async Task ConnectAsync_SocketOverTheChainAndTheTokenIsRevoked_OpensWithAnother(string version, string method, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        using var certificate = new LoopbackCertificate();
        await using HubServer server = await HubServer.StartAsync(host, certificate.Certificate);
        AddHub(host, Place.After, server, certificate.CreateTransport);
        using HttpResponseMessage before = await host.Client.PostAsync("hub/negotiate", content: null, cancellationToken);
        host.Api.Revoke(host.Api.LatestToken);
        using var invoker = new HttpMessageInvoker(host.Chain, disposeHandler: false);
        using var socket = new ClientWebSocket { Options = { HttpVersion = new Version(version), HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact } };

        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "wss", Path = "hub" }.Uri, invoker, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(socket.State, Is.EqualTo(WebSocketState.Open));
            Assert.That(host.Api.Attempts.Select(attempt => attempt.Method), Is.EqualTo(new[] { "POST", method, method }));
            Assert.That(host.Api.Attempts.Select(attempt => attempt.Token).Distinct(), Has.Exactly(2).Items.And.None.Null);
        }
    }

    private static void AddHub(ApiHost host, Place place, HubServer server, Func<HttpMessageHandler> createTransport)
    {
        host.AddApi(place, Quick.AddRetries, server.Address.GetLeftPart(UriPartial.Authority));
        host.Services.AddHttpClient(ApiHost.Name).ConfigurePrimaryHttpMessageHandler(createTransport);
    }

    private static async Task<int> ConnectAsync(ApiHost host, HubServer server, CancellationToken cancellationToken)
    {
        await using HubConnection connection = server.CreateConnection(options =>
        {
            options.HttpMessageHandlerFactory = _ => host.Chain;
            options.WebSocketConfiguration = socket => socket.HttpVersion = HttpVersion.Version20;
        });
        await connection.StartAsync(cancellationToken);
        return await HubServer.GetCallerAsync(connection, cancellationToken) == host.Spid.ClientId ? 200 : 0;
    }
}
