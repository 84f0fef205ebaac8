using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Tests.Shared;
using Spid.Testing;

namespace Spid.AspNetCore.Tests.Frameworks;

/// <summary>Edge case 98: the scheme under every kind of endpoint; minimal APIs are everywhere else in these tests.</summary>
[CancelAfter(60_000)]
internal sealed class FrameworkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Test(Description = "Edge case 98: MVC")]
    public async Task Mvc_Controller_AsksForScopesAndTakesTheToken()
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseAuthorization();
                app.MapControllers();
            },
            services: services => services.AddControllers().AddApplicationPart(typeof(MessagesController).Assembly));
        string token = rig.Issue();

        using HttpResponseMessage stranger = await rig.GetAsync(null, "/mvc");
        using HttpResponseMessage read = await rig.GetAsync(token, "/mvc");
        using HttpResponseMessage write = await rig.SendAsync(HttpMethod.Post, token, "/mvc");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stranger.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(await read.Content.ReadAsStringAsync(), Is.EqualTo(rig.Spid.ClientId));
            Assert.That(write.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(write.Headers.WwwAuthenticate.ToString(), Does.Contain("scope=\"write:messages\""));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    [Description("Edge case 98: SignalR, with the token in the header and, where that is switched on, in the query")]
    public async Task SignalR_Hub_AsksForScopesOnConnectionAndMethod(bool inQuery)
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            options =>
            {
                if (inQuery)
                {
                    options.QueryTokenPaths.Add("/hubs");
                }
            },
            app =>
            {
                app.UseWebSockets();
                app.UseAuthorization();
                app.MapHub<MessagesHub>("/hubs/messages");
            },
            services => services.AddSignalR(options =>
            {
                BePatient(options);
                options.EnableDetailedErrors = true;
            }));
        string token = rig.Issue();
        string url = inQuery ? $"http://localhost/hubs/messages?access_token={token}" : "http://localhost/hubs/messages";
        await using HubConnection connection = Connect(rig, url, inQuery ? null : token);
        await using HubConnection stranger = Connect(rig, "http://localhost/hubs/messages", null);

        await connection.StartAsync();

        Assert.That(await connection.InvokeAsync<string>("Read"), Is.EqualTo(rig.Spid.ClientId));
        Assert.That(await connection.InvokeAsync<string>("ReadToken"), Is.EqualTo(rig.Spid.ClientId));

        // A WebSocket is one request for as long as it is open; polls come and go.
        await Assert.ThatAsync(
            () => connection.InvokeAsync<string>("TakeToken"),
            inQuery ? Throws.Nothing : Throws.InstanceOf<HubException>().With.Message.Contains("GetHttpContext"));
        Assert.That(await connection.InvokeAsync<string>("Either"), Does.StartWith("done"));
        await Assert.ThatAsync(() => connection.InvokeAsync<string>("Write"), Throws.InstanceOf<HubException>().With.Message.Contains("unauthorized"));
        await Assert.ThatAsync(() => connection.InvokeAsync<string>("Neither"), Throws.InstanceOf<HubException>().With.Message.Contains("unauthorized"));
        await Assert.ThatAsync(() => connection.StreamAsync<string>("Stream").GetAsyncEnumerator().MoveNextAsync().AsTask(), Throws.InstanceOf<HubException>().With.Message.Contains("unauthorized"));
        await Assert.ThatAsync(() => stranger.StartAsync(), Throws.InstanceOf<HttpRequestException>().With.Message.Contains("401"));
    }

    [Test(Description = "Edge case 98: gRPC")]
    public async Task Grpc_Service_TranslatesTheStatuses()
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseAuthorization();
                app.MapGrpcService<MessagesRpc>();
            },
            services: services => services.AddGrpc());
        using var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = rig.Server.CreateHandler() });
        CallInvoker invoker = channel.CreateCallInvoker();
        CallOptions good = new(new Grpc.Core.Metadata { { "Authorization", "Bearer " + rig.Issue() } });

        string read = await invoker.AsyncUnaryCall(MessagesRpcBase.ReadMethod, null, good, "");
        RpcException? forbidden = await Assert.ThrowsAsync<RpcException>(async () => await invoker.AsyncUnaryCall(MessagesRpcBase.WriteMethod, null, good, ""));
        RpcException? stranger = await Assert.ThrowsAsync<RpcException>(async () => await invoker.AsyncUnaryCall(MessagesRpcBase.ReadMethod, null, default, ""));

        Assert.That(read, Is.EqualTo(rig.Spid.ClientId));
        Assert.That((forbidden!.StatusCode, stranger!.StatusCode), Is.EqualTo((StatusCode.PermissionDenied, StatusCode.Unauthenticated)));
    }

    [Test(Description = "Edge case 98: gRPC while SPiD is down")]
    public async Task Grpc_SpidDown_IsUnavailableAndNotUnauthenticated()
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseAuthorization();
                app.MapGrpcService<MessagesRpc>();
            },
            services: services => services.AddGrpc());
        using var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = rig.Server.CreateHandler() });
        CallOptions good = new(new Grpc.Core.Metadata { { "Authorization", "Bearer " + rig.Issue() } });
        TakeDown(rig);

        RpcException? exception = await Assert.ThrowsAsync<RpcException>(
            async () => await channel.CreateCallInvoker().AsyncUnaryCall(MessagesRpcBase.ReadMethod, null, good, ""));

        Assert.That(exception!.StatusCode, Is.EqualTo(StatusCode.Unavailable));
    }

    [Test(Description = "Edge case 98: SignalR while SPiD is down; who is connected stays so")]
    public async Task SignalR_SpidDown_NewConnectionsGet503AndOthersGoOn()
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseWebSockets();
                app.UseAuthorization();
                app.MapHub<MessagesHub>("/hubs/messages");
            },
            services: services => services.AddSignalR(BePatient));
        await using HubConnection connected = Connect(rig, "http://localhost/hubs/messages", rig.Issue());
        await connected.StartAsync();
        await using HubConnection late = Connect(rig, "http://localhost/hubs/messages", rig.Issue(spec => spec.Header["kid"] = "unknown"));
        TakeDown(rig);

        await Assert.ThatAsync(() => late.StartAsync(), Throws.InstanceOf<HttpRequestException>().With.Message.Contains("503"));

        Assert.That(await connected.InvokeAsync<string>("Read"), Is.EqualTo(rig.Spid.ClientId));
    }

    [TestCase(null, Description = "B33: a client by its id")]
    [TestCase("7a4c2b1e-0000-4000-8000-000000000001", Description = "B33: a user by its subject")]
    public async Task SignalR_ClientsUser_ReachesTheCaller(string? subject)
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseAuthorization();
                app.MapHub<MessagesHub>("/hubs/messages");
            },
            services: services => services.AddSingleton<IUserIdProvider, CallerIdProvider>().AddSignalR(BePatient));
        await using HubConnection connection = Connect(rig, "http://localhost/hubs/messages", rig.Issue(spec =>
        {
            if (subject is not null)
            {
                spec.Claims["sub"] = subject;
            }
        }));
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.On<string>("Notify", received.SetResult);
        await connection.StartAsync();

        await rig.Services.GetRequiredService<IHubContext<MessagesHub>>().Clients.User(subject ?? rig.Spid.ClientId).SendAsync("Notify", "hello");

        Assert.That(await received.Task, Is.EqualTo("hello"));
    }

    private static void TakeDown(ApiRig rig)
    {
        rig.Spid.Faults.Always(SpidEndpoint.Jwks, SpidFault.Status(500));
        rig.Spid.Faults.Always(SpidEndpoint.Introspection, SpidFault.Status(500));
    }

    private static HubConnection Connect(ApiRig rig, string url, string? token)
    {
        HubConnection connection = new HubConnectionBuilder()
            .WithUrl(url, options =>
            {
                // A browser's WebSocket has no header for the token, and no request before it.
                bool isSocket = url.Contains("access_token", StringComparison.Ordinal);
                options.Transports = isSocket ? HttpTransportType.WebSockets : HttpTransportType.LongPolling;
                options.SkipNegotiation = isSocket;
                options.WebSocketFactory = async (context, cancellationToken) => await rig.Server.CreateWebSocketClient().ConnectAsync(context.Uri, cancellationToken);
                options.HttpMessageHandlerFactory = _ => rig.Server.CreateHandler();
                options.AccessTokenProvider = token is null ? null : () => Task.FromResult<string?>(token);
            })
            .Build();

        // SignalR goes by real time, and a busy machine takes its own.
        connection.HandshakeTimeout = connection.ServerTimeout = Patience;
        return connection;
    }

    private static void BePatient(HubOptions options) => options.HandshakeTimeout = options.ClientTimeoutInterval = Patience;
}
