using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Spid.Testing.Transport;

/// <summary>Kestrel alone, without a host: no console lifetime, no logging, a start in milliseconds.</summary>
internal sealed class KestrelListener : IDisposable
{
    private readonly KestrelServer _server;

    private KestrelListener(KestrelServer server) => _server = server;

    public static async Task<(KestrelListener Listener, Uri Address)> StartAsync(
        KestrelApplication application, int port, ILoggerFactory loggerFactory, CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(IPAddress.Loopback, port);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggerFactory);
        var server = new KestrelServer(Options.Create(options), transport, loggerFactory);
        try
        {
            await server.StartAsync(application, cancellationToken).ConfigureAwait(false);
            var addresses = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
            return (new KestrelListener(server), new Uri(addresses.Single()));
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Closes the port and aborts open connections, as an outage does.</summary>
    public Task AbortAsync() => _server.StopAsync(new CancellationToken(canceled: true));

    public void Dispose() => _server.Dispose();
}
