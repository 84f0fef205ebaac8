using Grpc.Core;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>A gRPC client such as the tools generate, for messages that are bytes.</summary>
internal sealed class MessagesClient : ClientBase<MessagesClient>
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(value => value, value => value);
    private static readonly Method<byte[], byte[]> Get = new(MethodType.Unary, "messages.Messages", "Get", Bytes, Bytes);

    public MessagesClient(CallInvoker invoker)
        : base(invoker)
    {
    }

    private MessagesClient(ClientBaseConfiguration configuration)
        : base(configuration)
    {
    }

    public async Task<byte[]> GetAsync(CancellationToken cancellationToken) =>
        await CallInvoker.AsyncUnaryCall(Get, host: null, new CallOptions(cancellationToken: cancellationToken), [1]);

    protected override MessagesClient NewInstance(ClientBaseConfiguration configuration) => new(configuration);
}
