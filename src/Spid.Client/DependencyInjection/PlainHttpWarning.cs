using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spid.Client.Diagnostics;
using Spid.Client.Http;
using Spid.Client.Settings;
using Spid.Client.Tokens;

namespace Spid.Client.DependencyInjection;

/// <summary>Says while the host starts which clients and handlers allow plain http, once for each. The option may have stayed on from another environment.</summary>
internal sealed class PlainHttpWarning(
    SpidClientRegistry registry, IOptionsMonitor<SpidClientOptions> clients, IOptionsMonitor<SpidTokenHandlerOptions> handlers, ILogger<TokenClient> logger) : IHostedService
{
    private readonly SafeLogger _logger = new(logger);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string name in registry.Clients)
        {
            SpidClientOptions options = clients.Get(name);
            if (options.AllowPlainHttp)
            {
                Log.PlainHttpToSpidAllowed(_logger, name, Failures.NameOf(ClientSettings.From(name, options).TokenEndpoint));
            }
        }

        foreach (string httpClient in registry.HttpClients.Where(name => handlers.Get(name).AllowPlainHttp))
        {
            Log.PlainHttpToApiAllowed(_logger, httpClient);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
