using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spid.Client.Tokens;

namespace Spid.Client.DependencyInjection;

/// <summary>Reads the state of a client's tokens. It never asks SPiD: health checks run often.</summary>
internal sealed class TokenHealthCheck(TokenClient client) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        TokenEntry[] entries = [.. client.Cache.Held];

        // A fetch may end well at any moment, so each failure is looked at once.
        SpidException?[] errors = [.. entries.Select(entry => entry.LatestError)];
        TokenEntry[] failing = [.. entries.Where((_, index) => errors[index] is not null)];
        double? secondsLeft = entries.Min(entry => entry.SecondsLeft);

        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        if (secondsLeft is { } seconds)
        {
            data["seconds_left"] = seconds;
        }

        if (failing.Length == 0)
        {
            return Task.FromResult(HealthCheckResult.Healthy(secondsLeft is null ? "No token is held, for none has been needed lately." : "The token is fresh.", data));
        }

        SpidException error = errors.OfType<SpidException>().First();
        data["error"] = error.OAuthError ?? error.Kind.ToString();
        if (failing.All(entry => entry.SecondsLeft is not null))
        {
            return Task.FromResult(HealthCheckResult.Degraded($"The token cannot be renewed. {error.Message}", data: data));
        }

        // Without traffic there is no next attempt. A check that stayed unhealthy would keep the traffic away for ever.
        return Task.FromResult(failing.Any(entry => entry.SecondsLeft is null && entry.IsFailingFast)
            ? new HealthCheckResult(context.Registration.FailureStatus, $"There is no token. {error.Message}", data: data)
            : HealthCheckResult.Degraded($"The last request failed; the next call asks again. {error.Message}", data: data));
    }
}
