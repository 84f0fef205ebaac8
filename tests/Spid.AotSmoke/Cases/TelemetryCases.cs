using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spid.Client;
using Spid.Client.Diagnostics;

namespace Spid.AotSmoke.Cases;

internal static class TelemetryCases
{
    public static async Task TellsTheErrorCodeAsync()
    {
        using var host = new SmokeHost();
        host.Spid.Error = "invalid_client";

        SpidException exception = await Check.ThrowsAsync<SpidException>(() => host.Tokens.GetTokenAsync().AsTask());

        Check.Equal(SpidErrorKind.Configuration, exception.Kind);
        Check.Equal("invalid_client", exception.OAuthError);
    }

    public static async Task ReportsHealthAsync()
    {
        using var host = new SmokeHost();
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();

        HealthReport before = await health.CheckHealthAsync();
        host.Spid.Error = "invalid_client";
        _ = await Check.ThrowsAsync<SpidException>(() => host.Tokens.GetTokenAsync().AsTask());
        HealthReport after = await health.CheckHealthAsync();

        Check.Equal(HealthStatus.Healthy, before.Status);
        Check.Equal(HealthStatus.Unhealthy, after.Status);
        Check.Equal("invalid_client", (string)after.Entries["spid-token"].Data["error"]);
    }

    public static async Task CountsTokenRequestsAsync()
    {
        using var host = new SmokeHost();
        long requests = 0;
        string? outcome = null;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == SpidDiagnostics.TokenRequests)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            requests += value;
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                outcome = tag.Key == SpidDiagnostics.OutcomeTag ? (string?)tag.Value : outcome;
            }
        });
        listener.Start();

        _ = await host.Tokens.GetTokenAsync();
        _ = await host.Tokens.GetTokenAsync();

        Check.Equal(1L, requests);
        Check.Equal("success", outcome);
    }
}
