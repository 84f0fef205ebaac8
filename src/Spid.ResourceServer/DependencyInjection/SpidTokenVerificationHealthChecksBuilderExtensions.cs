using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spid.ResourceServer.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a health check for the verification of tokens.</summary>
public static class SpidTokenVerificationHealthChecksBuilderExtensions
{
    /// <summary>
    /// Reports whether tokens can be verified, without a call to SPiD: unhealthy when SPiD refuses the credentials or there is neither a key
    /// set nor introspection; degraded when the key set is older than two refresh intervals or introspection is failing while signatures
    /// still do; else healthy. A verifier that nobody has asked yet is healthy.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="verifierName">The name of the verifier, which is that of the authentication scheme; <see langword="null"/> for the only one there is.</param>
    /// <param name="failureStatus">What to report instead of unhealthy.</param>
    /// <param name="tags">Tags to select checks by.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddSpidTokenVerification(
        this IHealthChecksBuilder builder, string? verifierName = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            string.IsNullOrEmpty(verifierName) ? "spid-token-verification" : $"spid-token-verification:{verifierName}",
            provider => new VerificationHealthCheck(Find(provider, verifierName)),
            failureStatus,
            tags));
    }

    private static ReloadingVerifier Find(IServiceProvider provider, string? verifierName)
    {
        IReadOnlyCollection<string> registered = provider.GetService<SpidVerifierRegistry>()?.Verifiers ?? [];
        string name = verifierName ?? (registered.Count == 1 ? registered.First() : "");
        return provider.GetKeyedService<ReloadingVerifier>(name) ?? throw SpidVerifierRegistry.Missing(name);
    }
}
