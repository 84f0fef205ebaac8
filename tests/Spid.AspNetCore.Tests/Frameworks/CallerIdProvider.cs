using Microsoft.AspNetCore.SignalR;

namespace Spid.AspNetCore.Tests.Frameworks;

/// <summary>As the documentation has it: a user by its subject, a client by its id.</summary>
internal sealed class CallerIdProvider : IUserIdProvider
{
    public string? GetUserId(HubConnectionContext connection) => connection.User.FindFirst("sub")?.Value ?? connection.User.FindFirst("client_id")?.Value;
}
