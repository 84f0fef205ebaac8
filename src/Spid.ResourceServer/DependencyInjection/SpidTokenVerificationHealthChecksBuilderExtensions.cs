using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spid.ResourceServer.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a health check for the verification of tokens.</summary>
public static class SpidTokenVerificationHealthChecksBuilderExtensions
{
    /// <summary>
    /// Reports whether tokens can be verified, without a call to SPiD: unhealthy when SPiD refuses the credentials or there is neither a key
    /// set nor introspection; degraded when the key set is older than two refresh intervals or introspection is failing while signatures
    /// still do; else healthy. A verifier that has not been used yet is healthy.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="verifierName">The name of the verifier, which is that of the authentication scheme; empty for the one without a name; <see langword="null"/> for the only one there is. A host does not start when there is no such verifier, or when there are several and none is named.</param>
    /// <param name="failureStatus">What to report instead of unhealthy.</param>
    /// <param name="tags">Tags to select checks by.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddSpidTokenVerification(
        this IHealthChecksBuilder builder, string? verifierName = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string checkName = string.IsNullOrEmpty(verifierName) ? "spid-token-verification" : $"spid-token-verification:{verifierName}";
        builder.Services.AddOptions<VerificationHealthCheckOptions>(checkName)
            .Configure(options => options.VerifierName = verifierName)
            .Validate<IServiceProvider>(Exists, $"{SpidVerifierRegistry.Missing(verifierName).Message} (AddSpidTokenVerification of the health checks)")
            .ValidateOnStart();
        return builder.Add(new HealthCheckRegistration(
            checkName,
            provider => new VerificationHealthCheck(Find(provider, verifierName)),
            failureStatus,
            tags));
    }

    private static bool Exists(VerificationHealthCheckOptions options, IServiceProvider provider)
    {
        IReadOnlyCollection<string> registered = Registered(provider);
        return Resolve(options.VerifierName, registered) is { } name && registered.Contains(name);
    }

    private static IReadOnlyCollection<string> Registered(IServiceProvider provider) => provider.GetService<SpidVerifierRegistry>()?.Verifiers ?? [];

    /// <summary>Gives <see langword="null"/> when nothing says which one is meant: a check of one would hide what befalls the others.</summary>
    private static string? Resolve(string? verifierName, IReadOnlyCollection<string> registered) => verifierName ?? (registered.Count == 1 ? registered.First() : null);

    private static ReloadingVerifier Find(IServiceProvider provider, string? verifierName)
    {
        string? name = Resolve(verifierName, Registered(provider));
        return (name is null ? null : provider.GetKeyedService<ReloadingVerifier>(name)) ?? throw SpidVerifierRegistry.Missing(name);
    }
}
