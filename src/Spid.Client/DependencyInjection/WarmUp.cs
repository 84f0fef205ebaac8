using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spid.Client.Diagnostics;
using Spid.Client.Tokens;

namespace Spid.Client.DependencyInjection;

/// <summary>Requests the default token of each client that asks for it, before other hosted services start.</summary>
internal sealed class WarmUp(
    SpidClientRegistry registry, IOptionsMonitor<SpidClientOptions> options, IServiceProvider provider, ILogger<TokenClient> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(registry.Clients.Where(name => options.Get(name).WarmUp).Select(name => WarmAsync(name, cancellationToken)));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task WarmAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            _ = await provider.GetRequiredKeyedService<TokenClient>(name).GetTokenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SpidException exception)
        {
            Log.WarmUpFailed(logger, name, exception.Kind, exception.OAuthError);
        }
    }
}
