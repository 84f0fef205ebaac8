using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.DependencyInjection;

/// <summary>
/// Fetches keys and tests credentials before the first request, for the verifiers whose options ask for it, and says which of them allow plain http. Failures
/// are logged and stop nothing.
/// </summary>
internal sealed class StartUp(SpidVerifierRegistry registry, IServiceProvider provider, ILogger<ISpidTokenVerifier> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(registry.Verifiers.Select(name => StartAsync(name, cancellationToken)));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task StartAsync(string name, CancellationToken cancellationToken)
    {
        SpidTokenVerifier verifier = provider.GetRequiredKeyedService<ReloadingVerifier>(name).Current;
        VerifierSettings settings = verifier.Settings;
        if (settings.AllowsPlainHttp)
        {
            Log.PlainHttpAllowed(logger, name, settings.Authority);
        }

        if (settings.Keys.WarmUp && settings.Mode != SpidVerificationMode.Remote)
        {
            await verifier.Keys.WarmUpAsync(cancellationToken).ConfigureAwait(false);
        }

        if (settings.SelfTest)
        {
            Report(name, await verifier.Introspection.TestAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    private void Report(string name, IntrospectionOutcome outcome)
    {
        if (outcome.Answer is { IsActive: false })
        {
            Log.SelfTestPassed(logger, name);
        }
        else if (outcome.ConcernsToken)
        {
            // Some servers refuse made-up tokens as such, so this tells nothing about the credentials.
            Log.SelfTestInconclusive(logger, name);
        }
        else
        {
            Log.SelfTestFailed(logger, name, outcome.Answer is null ? outcome.Reason : SpidVerificationReason.IntrospectionFailed);
        }
    }
}
