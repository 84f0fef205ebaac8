using System.Buffers.Text;
using System.Security.Cryptography;
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

    /// <summary>Has the shape of a JWT and is random, so that SPiD calls it inactive and nothing between here and there can know the answer.</summary>
    private static string MakeUpToken()
    {
        const string header = "eyJhbGciOiJSUzI1NiIsImtpZCI6InNlbGYtdGVzdCJ9";
        return $"{header}.e30.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(256))}";
    }

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
            IntrospectionOutcome outcome = await verifier.Introspection.TryIntrospectAsync(MakeUpToken(), cancellationToken).ConfigureAwait(false);
            if (outcome.Answer is { IsActive: false })
            {
                Log.SelfTestPassed(logger, name);
            }
            else
            {
                Log.SelfTestFailed(logger, name, outcome.Answer is null ? outcome.Reason : SpidVerificationReason.IntrospectionFailed);
            }
        }
    }
}
