using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.DependencyInjection;

/// <summary>A readiness probe must keep traffic away while no token can be verified, and let it back without having been asked by a request.</summary>
[CancelAfter(60_000)]
internal sealed class VerificationHealthCheckTests
{
    [Test]
    public async Task CheckHealth_BreakIsOverAndNobodyHasCalled_IsDegraded(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        for (int request = 0; request < 10; request++)
        {
            await rig.VerifyAsync(rig.Sign(), cancellationToken);
        }

        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Unhealthy));
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Degraded));

        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Unhealthy), "one call more has failed");
    }

    [TestCase(HttpStatusCode.Unauthorized, Description = "Credentials are refused")]
    [TestCase(HttpStatusCode.TooManyRequests, Description = "Retry-After")]
    public async Task CheckHealth_PauseIsOverAndNobodyHasCalled_IsDegraded(HttpStatusCode status)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) =>
        {
            HttpResponseMessage response = StubSpid.Status(status);
            response.Headers.Add("Retry-After", "5");
            return Task.FromResult(response);
        };
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);

        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Unhealthy));
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Degraded));

        rig.AnswerActive();
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task CheckHealth_KeySetMayBeFetchedAgainAndNobodyHasAsked_IsDegraded(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        await rig.VerifyAsync(rig.Sign(), cancellationToken);

        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Unhealthy));
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Degraded));

        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key()));
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task CheckHealth_KeySetIsOldAndCannotBeFetched_IsDegraded(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));

        rig.Time.Advance(TimeSpan.FromMinutes(29));
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Logger.Collector.GetSnapshot().Any(line => line.Id.Name == "KeySetNotRefreshed"), cancellationToken);
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Healthy), "younger than two intervals");

        rig.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.That(rig.Verifier.Keys.Status, Is.EqualTo(KeySetStatus.Stale));
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Degraded));
    }
}
