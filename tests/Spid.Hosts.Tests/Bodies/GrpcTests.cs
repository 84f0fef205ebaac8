using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Spid.Hosts.Tests.Bodies;

/// <summary>gRPC writes bodies of unknown length, and in conversations while the answers come.</summary>
[CancelAfter(60_000)]
internal sealed class GrpcTests
{
    private RevokingApi _api = null!;
    private ServiceProvider _host = null!;
    private GrpcChannel _channel = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _api = await RevokingApi.StartAsync(HttpProtocols.Http2, services => services.AddGrpc().Services.AddSingleton<NumbersRpc>(), app => app.MapGrpcService<NumbersRpc>());
        _host = _api.CreateHost();
        _channel = GrpcChannel.ForAddress(_api.Address, new GrpcChannelOptions { HttpClient = _host.GetRequiredService<IHttpClientFactory>().CreateClient("api") });
    }

    [TearDown]
    public async Task StopAsync()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Test(Description = "A28")]
    public async Task UnaryCall_TokenRefused_IsRepeatedWithItsMessage(CancellationToken cancellationToken)
    {
        string answer = await _channel.CreateCallInvoker().AsyncUnaryCall(NumbersRpcBase.EchoMethod, host: null, new CallOptions(cancellationToken: cancellationToken), "1234");

        Assert.That(answer, Is.EqualTo("1234"));
        Assert.That(_api.Requests, Is.EqualTo(2));
    }

    [Test(Description = "A28")]
    public async Task ClientStreaming_TokenRefusedAfterTheLastMessage_IsRepeatedWithAllMessages(CancellationToken cancellationToken)
    {
        using AsyncClientStreamingCall<string, string> call = _channel.CreateCallInvoker().AsyncClientStreamingCall(NumbersRpcBase.JoinMethod, host: null, new CallOptions(cancellationToken: cancellationToken));
        await call.RequestStream.WriteAsync("1", cancellationToken);
        await call.RequestStream.WriteAsync("2", cancellationToken);
        await call.RequestStream.CompleteAsync();

        Assert.That(await call.ResponseAsync, Is.EqualTo("1,2"));
        Assert.That(_api.Requests, Is.EqualTo(2));
    }

    [Test(Description = "A2")]
    public async Task ClientStreaming_TokenRefusedBetweenMessages_FailsAndIsNotRepeated(CancellationToken cancellationToken)
    {
        _api.ReadsRefused = false;
        using AsyncClientStreamingCall<string, string> call = _channel.CreateCallInvoker().AsyncClientStreamingCall(NumbersRpcBase.JoinMethod, host: null, new CallOptions(cancellationToken: cancellationToken));

        RpcException? refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.That(refusal!.StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That(_api.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task DuplexStreaming_TokenAccepted_AnswersEachMessageBeforeTheNext(CancellationToken cancellationToken)
    {
        await _channel.CreateCallInvoker().AsyncUnaryCall(NumbersRpcBase.EchoMethod, host: null, new CallOptions(cancellationToken: cancellationToken), "renews");
        using AsyncDuplexStreamingCall<string, string> call = _channel.CreateCallInvoker().AsyncDuplexStreamingCall(NumbersRpcBase.TalkMethod, host: null, new CallOptions(cancellationToken: cancellationToken));
        var answers = new List<string>();
        for (int number = 0; number < 3; number++)
        {
            await call.RequestStream.WriteAsync($"{number}", cancellationToken);
            await call.ResponseStream.MoveNext(cancellationToken);
            answers.Add(call.ResponseStream.Current);
        }

        Assert.That(answers, Is.EqualTo(new[] { "0", "1", "2" }));
    }
}
