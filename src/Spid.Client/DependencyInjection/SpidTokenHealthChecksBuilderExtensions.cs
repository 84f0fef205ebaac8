using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spid.Client.DependencyInjection;
using Spid.Client.Tokens;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a health check for server tokens.</summary>
public static class SpidTokenHealthChecksBuilderExtensions
{
    /// <summary>
    /// Reports the tokens of the client's own options and of its handlers, without a call to SPiD: healthy; degraded while a token is
    /// served that could not be renewed, or when the last request failed a while ago and the next call will ask again; unhealthy while calls
    /// fail for want of a token. A client that has not been used yet is healthy.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="clientName">The name of the SPiD client; empty for the default one. A host does not start when there is no such client.</param>
    /// <param name="failureStatus">What to report instead of unhealthy.</param>
    /// <param name="tags">Tags to select checks by.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddSpidToken(
        this IHealthChecksBuilder builder, string clientName = "", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(clientName);
        string checkName = clientName.Length == 0 ? "spid-token" : $"spid-token:{clientName}";
        builder.Services.AddOptions<TokenHealthCheckOptions>(checkName)
            .Configure(options => options.ClientName = clientName)
            .Validate<IServiceProvider>(Exists, $"{SpidClientRegistry.Missing(clientName).Message} (AddSpidToken of the health checks)")
            .ValidateOnStart();
        return builder.Add(new HealthCheckRegistration(
            checkName,
            provider => new TokenHealthCheck(provider.GetKeyedService<TokenClient>(clientName) ?? throw SpidClientRegistry.Missing(clientName)),
            failureStatus,
            tags));
    }

    /// <summary>A container that cannot tell what is registered leaves it to the first probe.</summary>
    private static bool Exists(TokenHealthCheckOptions options, IServiceProvider provider) =>
        provider.GetService<IServiceProviderIsKeyedService>()?.IsKeyedService(typeof(TokenClient), options.ClientName) != false;
}
