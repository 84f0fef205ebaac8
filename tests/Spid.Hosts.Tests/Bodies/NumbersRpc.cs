using Grpc.Core;

namespace Spid.Hosts.Tests.Bodies;

/// <summary>A gRPC service that gives back what it gets.</summary>
internal sealed class NumbersRpc : NumbersRpcBase
{
    public override Task<string> Echo(string request, ServerCallContext context) => Task.FromResult(request);

    public override async Task<string> Join(IAsyncStreamReader<string> requests, ServerCallContext context)
    {
        var received = new List<string>();
        await foreach (string request in requests.ReadAllAsync(context.CancellationToken))
        {
            received.Add(request);
        }

        return string.Join(',', received);
    }

    public override async Task Talk(IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext context)
    {
        await foreach (string request in requests.ReadAllAsync(context.CancellationToken))
        {
            await responses.WriteAsync(request);
        }
    }
}
