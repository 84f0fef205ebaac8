using Grpc.Core;
using Spid.AspNetCore.Scopes;

namespace Spid.AspNetCore.Tests.Frameworks;

/// <summary>A gRPC service as a user would write it.</summary>
internal sealed class MessagesRpc : MessagesRpcBase
{
    [RequireSpidScope("read:messages")]
    public override Task<string> Read(string request, ServerCallContext context) => Task.FromResult(context.GetHttpContext().User.Identity!.Name!);

    [RequireSpidScope("write:messages")]
    public override Task<string> Write(string request, ServerCallContext context) => Task.FromResult("written");
}
