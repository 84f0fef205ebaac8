using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spid.AspNetCore.Tests.Shared;
using Spid.Testing;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>Edge case 20: tokens in the query, for browsers' WebSockets. Over HTTP/2 and HTTP/3 those open with CONNECT (RFC 8441).</summary>
[CancelAfter(60_000)]
internal sealed class QueryTokenTests
{
    [TestCase("GET", null, 200)]
    [TestCase("CONNECT", "websocket", 200)]
    [TestCase("CONNECT", "WebSocket", 200)]
    [TestCase("CONNECT", "webtransport", 401)]
    [TestCase("CONNECT", null, 401)]
    [TestCase("POST", null, 401)]
    [TestCase("POST", "websocket", 401)]
    [Description("Edge case 20")]
    public async Task Request_TokenInTheQuery_IsTakenWhereAWebSocketMayOpen(string method, string? protocol, int expected)
    {
        await using PipelineRig rig = await StartAsync();

        Answer answer = await rig.SendAsync(http =>
        {
            http.Request.Method = method;
            http.Request.Path = "/hubs/x";
            http.Request.QueryString = new QueryString("?access_token=" + rig.Sign());
            if (protocol is not null)
            {
                http.Features.Set<IHttpExtendedConnectFeature>(new ExtendedConnect(protocol));
            }
        });

        Assert.That(answer.Status, Is.EqualTo(expected));
        Assert.That(answer.CacheControl, Is.EqualTo("no-store"));
    }

    [Test(Description = "Edge case 20: below another path")]
    public async Task Connect_TokenInTheQueryOfAnotherPath_IsNotTaken()
    {
        await using PipelineRig rig = await StartAsync();

        Answer answer = await rig.SendAsync(http =>
        {
            http.Request.Method = "CONNECT";
            http.Request.Path = "/hubsy";
            http.Request.QueryString = new QueryString("?access_token=" + rig.Sign());
            http.Features.Set<IHttpExtendedConnectFeature>(new ExtendedConnect("websocket"));
        });

        Assert.That(answer.Status, Is.EqualTo(401));
    }

    [TestCase(HttpProtocols.Http1)]
    [TestCase(HttpProtocols.Http2)]
    [Description("Edge case 20: a WebSocket over the wire")]
    public async Task WebSocket_TokenInTheQuery_Opens(HttpProtocols protocol)
    {
        await using SpidServer spid = SpidServer.Create();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocol));
        builder.Services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(spid.CreateHandler));
        builder.Services.AddAuthentication(SpidBearerDefaults.AuthenticationScheme).AddSpidBearer(options =>
        {
            ApiRig.Configure(options, spid);
            options.QueryTokenPaths.Add("/hubs");
        });
        builder.Services.AddAuthorization();
        await using WebApplication application = builder.Build();
        application.UseWebSockets();
        application.Map("/hubs/x", GreetAsync).RequireSpidScope("read:messages");
        await application.StartAsync();
        string token = spid.Issue(new SpidTokenSpec { Scope = "read:messages", Audience = [ApiRig.Audience] });
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = protocol == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());

        await socket.ConnectAsync(new Uri($"{application.Urls.First().Replace("http", "ws", StringComparison.Ordinal)}/hubs/x?access_token={token}"), invoker, default);

        byte[] text = new byte[16];
        WebSocketReceiveResult received = await socket.ReceiveAsync(text, default);
        Assert.That(Encoding.UTF8.GetString(text, 0, received.Count), Is.EqualTo(protocol == HttpProtocols.Http2 ? "CONNECT" : "GET"));
    }

    private static async Task GreetAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        await socket.SendAsync(Encoding.UTF8.GetBytes(context.Request.Method), WebSocketMessageType.Text, true, context.RequestAborted);
    }

    private static Task<PipelineRig> StartAsync() => PipelineRig.StartAsync(
        options => options.QueryTokenPaths.Add("/hubs"),
        app =>
        {
            app.UseAuthorization();
            app.Map("/{**path}", () => "").RequireAuthorization();
        });

    private sealed class ExtendedConnect(string protocol) : IHttpExtendedConnectFeature
    {
        public bool IsExtendedConnect => true;

        public string? Protocol => protocol;

        public ValueTask<Stream> AcceptAsync() => throw new NotSupportedException();
    }
}
