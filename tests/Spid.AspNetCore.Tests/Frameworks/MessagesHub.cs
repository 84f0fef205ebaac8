using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Scopes;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Tests.Frameworks;

/// <summary>A hub as a user would write it.</summary>
[RequireSpidScope("read:messages")]
internal sealed class MessagesHub : Hub
{
    public string? Read() => Context.User?.Identity?.Name;

    [RequireSpidScope("write:messages")]
    public string Write() => $"written on {Context.ConnectionId}";

    public string? ReadToken() => Context.GetHttpContext()?.GetVerifiedToken()?.ClientId;

    public string? TakeToken(VerifiedToken token) => $"{token.ClientId} on {Context.ConnectionId}";

    [RequireAnySpidScope("write:messages", "read:messages")]
    public string Either() => $"done on {Context.ConnectionId}";

    [RequireAnySpidScope("write:messages", "admin")]
    public string Neither() => $"done on {Context.ConnectionId}";

    [RequireSpidScope("write:messages")]
    public async IAsyncEnumerable<string> Stream()
    {
        await Task.Yield();
        yield return Context.ConnectionId;
    }
}
