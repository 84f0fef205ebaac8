using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>The SignalR client over the chain of handlers: each call of the script makes a connection and invokes a method.</summary>
[CancelAfter(60_000)]
internal sealed class SignalRTests
{
    [Test]
    public async Task Script_LongPolling_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using ApiServer server = await ApiServer.StartAsync(host.Api, services => services.AddSignalR(), application => application.MapHub<EchoHub>("/hub"));
        host.AddApi(place, Quick.AddRetries);
        host.Services.AddHttpClient(ApiHost.Name).ConfigurePrimaryHttpMessageHandler(server.CreateHandler);

        await new CallScript(host, stopping => CallOutcome.OfAsync(() => ConnectAsync(host, stopping))).RunAsync(cancellationToken);
    }

    private static async Task<int> ConnectAsync(ApiHost host, CancellationToken cancellationToken)
    {
        await using HubConnection connection = new HubConnectionBuilder()
            .WithUrl($"{ApiHost.Address}/hub", HttpTransportType.LongPolling, options => options.HttpMessageHandlerFactory = _ => host.Chain)
            .Build();
        await connection.StartAsync(cancellationToken);
        string answer = await connection.InvokeAsync<string>(nameof(EchoHub.EchoAsync), "answer", cancellationToken);
        return answer == "answer" ? 200 : 0;
    }

    private sealed class EchoHub : Hub
    {
        public Task<string> EchoAsync(string text) => Task.FromResult(text).WaitAsync(Context.ConnectionAborted);
    }
}
