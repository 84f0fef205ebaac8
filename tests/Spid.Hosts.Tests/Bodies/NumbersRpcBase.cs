using Grpc.Core;

namespace Spid.Hosts.Tests.Bodies;

/// <summary>What the gRPC compiler would write, by hand.</summary>
[BindServiceMethod(typeof(NumbersRpcBase), nameof(Bind))]
internal abstract class NumbersRpcBase
{
    public static readonly Method<string, string> EchoMethod = Create(MethodType.Unary, nameof(Echo));
    public static readonly Method<string, string> JoinMethod = Create(MethodType.ClientStreaming, nameof(Join));
    public static readonly Method<string, string> TalkMethod = Create(MethodType.DuplexStreaming, nameof(Talk));

    public static void Bind(ServiceBinderBase binder, NumbersRpcBase? service)
    {
        binder.AddMethod(EchoMethod, service is null ? null! : service.Echo);
        binder.AddMethod(JoinMethod, service is null ? null! : service.Join);
        binder.AddMethod(TalkMethod, service is null ? null! : service.Talk);
    }

    public abstract Task<string> Echo(string request, ServerCallContext context);

    public abstract Task<string> Join(IAsyncStreamReader<string> requests, ServerCallContext context);

    public abstract Task Talk(IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext context);

    private static Method<string, string> Create(MethodType type, string name) => new(type, "Numbers", name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);
}
