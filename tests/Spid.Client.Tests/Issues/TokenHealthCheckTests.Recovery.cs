using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spid.Client.DependencyInjection;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Issues;

/// <summary>The state of a token changes while the health check looks at it.</summary>
[CancelAfter(60_000)]
internal sealed class TokenHealthCheckTests
{
    [Test]
    public async Task CheckHealthAsync_TokenIsRenewedDuringTheLook_ReportsWhatItSaw(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Resilience.RetryAttempts = 0);
        _ = await client.Tokens.GetTokenAsync(cancellationToken);
        client.Spid.AnswerWith(_ => StubSpid.Error(503));
        client.Time.Advance(TimeSpan.FromSeconds(800));
        _ = await client.Tokens.GetTokenAsync(cancellationToken);
        await client.SettleAsync();
        client.Spid.AnswerWith(_ => StubSpid.Token("renewed"));
        client.Time.Advance(TimeSpan.FromSeconds(20));
        client.Time.BeforeTimestamp = () =>
        {
            _ = client.Tokens.GetTokenAsync(cancellationToken).AsTask();
            SpinWait.SpinUntil(() => client.Entry.LatestError is null, TimeSpan.FromSeconds(30));
        };
        var check = new TokenHealthCheck(client.Tokens);

        HealthCheckResult result = await check.CheckHealthAsync(ContextOf(check), cancellationToken);

        Assert.That(result.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(client.Entry.LatestError, Is.Null);
    }

    private static HealthCheckContext ContextOf(TokenHealthCheck check) => new()
    {
        Registration = new HealthCheckRegistration("token", check, failureStatus: null, tags: null),
    };
}
