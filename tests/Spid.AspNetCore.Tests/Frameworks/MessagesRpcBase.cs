using Grpc.Core;

namespace Spid.AspNetCore.Tests.Frameworks;

/// <summary>What the gRPC compiler would write, by hand.</summary>
[BindServiceMethod(typeof(MessagesRpcBase), nameof(Bind))]
internal abstract class MessagesRpcBase
{
    public static readonly Method<string, string> ReadMethod = Create(nameof(Read));
    public static readonly Method<string, string> WriteMethod = Create(nameof(Write));

    public static void Bind(ServiceBinderBase binder, MessagesRpcBase? service)
    {
        binder.AddMethod(ReadMethod, service is null ? null! : service.Read);
        binder.AddMethod(WriteMethod, service is null ? null! : service.Write);
    }

    public abstract Task<string> Read(string request, ServerCallContext context);

    public abstract Task<string> Write(string request, ServerCallContext context);

    private static Method<string, string> Create(string name) => new(MethodType.Unary, "Messages", name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);
}
