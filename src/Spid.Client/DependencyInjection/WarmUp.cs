using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spid.Client.Diagnostics;
using Spid.Client.Tokens;

namespace Spid.Client.DependencyInjection;

/// <summary>
/// Requests the default token of each client that asks for it, before other hosted services start. When that fails the host starts
/// all the same, and the attempts go on in the background until there is a token.
/// </summary>
internal sealed class WarmUp(
    SpidClientRegistry registry, IOptionsMonitor<SpidClientOptions> options, IServiceProvider provider, ILogger<TokenClient> logger) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    private readonly SafeLogger _logger = new(logger);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _timeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System;
    private Task _going = Task.CompletedTask;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        string[] clients = [.. registry.Clients.Where(name => options.Get(name).WarmUp)];
        SpidException?[] failures = await Task.WhenAll(clients.Select(name => TryAsync(name, cancellationToken))).ConfigureAwait(false);
        _going = Task.WhenAll(clients.Zip(failures, GoOnAsync));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _going.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        // A host that failed to start is disposed without being stopped.
        if (!_stopping.IsCancellationRequested)
        {
            _stopping.Cancel();
        }

        _stopping.Dispose();
    }

    private async Task GoOnAsync(string name, SpidException? failure)
    {
        if (failure is not null)
        {
            Log.WarmUpFailed(_logger, name, failure.Kind, failure.OAuthError ?? "none");
        }

        CancellationToken stopping = _stopping.Token;
        try
        {
            while (failure is not null)
            {
                TimeSpan pause = failure.RetryAfter > ShortestPause ? failure.RetryAfter.Value : ShortestPause;
                await Task.Delay(pause, _timeProvider, stopping).ConfigureAwait(false);
                failure = await TryAsync(name, stopping).ConfigureAwait(false);
            }
        }
        catch (ObjectDisposedException)
        {
            // The client was disposed before this service, and its token is no longer needed.
        }
    }

    private async Task<SpidException?> TryAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            _ = await provider.GetRequiredKeyedService<TokenClient>(name).GetTokenAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (SpidException exception)
        {
            return exception;
        }
    }
}
