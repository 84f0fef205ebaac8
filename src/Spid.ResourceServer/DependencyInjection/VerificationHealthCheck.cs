using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.DependencyInjection;

/// <summary>Reads the state of a verifier. It never asks SPiD: health checks run often.</summary>
internal sealed class VerificationHealthCheck(ReloadingVerifier verifier) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        SpidTokenVerifier current = verifier.Current;
        HealthCheckResult result = (current.Keys.Status, current.Introspection.Status) switch
        {
            (_, IntrospectionStatus.CredentialsRefused) => new(context.Registration.FailureStatus, "SPiD refuses the credentials of this service: check ClientId and ClientSecret."),
            (KeySetStatus.Missing, _) when !current.Settings.CanIntrospect => new(context.Registration.FailureStatus, "There is no usable key set, so no token can be verified."),
            (KeySetStatus.Missing, IntrospectionStatus.Failing) => new(context.Registration.FailureStatus, "There is no usable key set, and introspection fails."),
            (_, IntrospectionStatus.Failing) when current.Settings.Mode == SpidVerificationMode.Remote => new(context.Registration.FailureStatus, "Introspection fails, so only tokens that are remembered are accepted."),
            // Without traffic there is no next attempt. A check that stayed unhealthy would keep the traffic away for ever.
            (KeySetStatus.Recovering, _) => HealthCheckResult.Degraded("There is no usable key set; the next token that needs it fetches it."),
            (KeySetStatus.Missing, _) => HealthCheckResult.Degraded("There is no usable key set; tokens are introspected instead."),
            (KeySetStatus.Stale, _) => HealthCheckResult.Degraded("The key set is old and cannot be fetched; the last good one is in use."),
            (_, IntrospectionStatus.Failing) => HealthCheckResult.Degraded("Introspection fails; tokens that need it are answered as unavailable."),
            (_, IntrospectionStatus.Unproven) => HealthCheckResult.Degraded("Introspection has answered no token in a usable way yet: check Environment or Authority, and IntrospectionEndpoint."),
            (_, IntrospectionStatus.Recovering) => HealthCheckResult.Degraded("Introspection failed; the next token that needs it tries again."),
            _ => OfLookUp(current.Introspection.LookUpStatus),
        };
        return Task.FromResult(result);
    }

    /// <summary>Opaque tokens alone need the look-up, so an outage of it is no reason to keep all traffic away.</summary>
    private static HealthCheckResult OfLookUp(IntrospectionStatus status) => status switch
    {
        IntrospectionStatus.Working => HealthCheckResult.Healthy("Tokens can be verified."),
        IntrospectionStatus.CredentialsRefused => HealthCheckResult.Degraded("SPiD refuses the credentials of this service for the look-up of opaque tokens; other tokens can be verified."),
        IntrospectionStatus.Unproven => HealthCheckResult.Degraded("The look-up of opaque tokens has answered none in a usable way yet: check Environment or Authority, and LookUpEndpoint."),
        IntrospectionStatus.Recovering => HealthCheckResult.Degraded("The look-up of opaque tokens failed; the next one that needs it tries again."),
        _ => HealthCheckResult.Degraded("The look-up of opaque tokens fails; they are answered as unavailable."),
    };
}
