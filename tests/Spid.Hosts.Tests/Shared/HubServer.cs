using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore;
using Spid.ResourceServer;

namespace Spid.Hosts.Tests.Shared;

/// <summary>A hub on a port of loopback that lets in callers with tokens, and tells them who they are.</summary>
internal sealed class HubServer : IAsyncDisposable
{
    /// <summary>SignalR goes by real time, and a busy machine takes its own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ApiServer _server;

    private HubServer(ApiServer server) => _server = server;

    public Uri Address => _server.Address;

    public static async Task<HubServer> StartAsync(ApiHost host, X509Certificate2? certificate = null, bool closesWithTheToken = false) => new(await ApiServer.StartOnLoopbackAsync(
        host.Api,
        services =>
        {
            services.AddSingleton(host.Time.WithPauses);
            services.AddAuthentication(SpidBearerDefaults.AuthenticationScheme)
                .AddSpidBearer(options => (options.Authority, options.AudienceCheck) = (host.Spid.BaseAddress, SpidAudienceCheck.None));
            services.AddHttpClient("Spid.ResourceServer:SpidBearer").ConfigurePrimaryHttpMessageHandler(host.Spid.CreateHandler);
            services.AddAuthorization();
            services.AddSignalR(options => options.HandshakeTimeout = options.ClientTimeoutInterval = Patience);
        },
        application =>
        {
            application.UseAuthentication();
            application.UseAuthorization();
            application.MapHub<CallerHub>("/hub", options => options.CloseOnAuthenticationExpiration = closesWithTheToken);
        },
        certificate));

    /// <summary>Makes a connection, over WebSockets unless others are named.</summary>
    public HubConnection CreateConnection(
        Action<HttpConnectionOptions> configure, Action<IHubConnectionBuilder>? configureConnection = null, HttpTransportType transports = HttpTransportType.WebSockets)
    {
        IHubConnectionBuilder builder = new HubConnectionBuilder().WithUrl(new Uri(Address, "hub"), transports, configure);
        configureConnection?.Invoke(builder);
        HubConnection connection = builder.Build();
        connection.HandshakeTimeout = connection.ServerTimeout = Patience;
        return connection;
    }

    /// <summary>Asks the hub who is connected.</summary>
    public static Task<string> GetCallerAsync(HubConnection connection, CancellationToken cancellationToken) =>
        connection.InvokeAsync<string>(nameof(CallerHub.GetCaller), cancellationToken);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Authorize]
    private sealed class CallerHub : Hub
    {
        public string? GetCaller() => Context.User?.Identity?.Name;
    }
}
