using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Introspection;

/// <summary>B1: a 403 without a code is taken for a refusal of the credentials only when a probe with a made-up token gets one too.</summary>
[CancelAfter(60_000)]
internal sealed class CredentialsProbeTests
{
    /// <summary>The key id of made-up tokens is in their header.</summary>
    private static readonly string MadeUp = Forge.Encode("""{"alg":"RS256","kid":"self-test"}""")[..40];

    [TestCase("")]
    [TestCase("<html></html>")]
    [TestCase("""{"error":"no_known_code"}""")]
    [Description("B1: 403 for every token")]
    public async Task VerifyAsync_403ForEveryToken_CredentialsAreRefusedAfterOneProbe(string body)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Json(body, HttpStatusCode.Forbidden));

        SpidVerificationReason first = await rig.ReasonAsync(rig.Sign(), CancellationToken.None);
        await rig.Verifier.Introspection.Probe;
        for (int number = 0; number < 20; number++)
        {
            Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(CredentialsRefused));
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.EqualTo(IntrospectionFailed), "a request waits for one call only");
            Assert.That((rig.Spid.Introspections, Probes(rig)), Is.EqualTo((2, 1)));
            Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Unhealthy));
            Assert.That(rig.Logger.Collector.GetSnapshot().Count(line => line.Level == LogLevel.Critical), Is.EqualTo(1));
        }
    }

    [TestCase(400)]
    [TestCase(404)]
    [TestCase(500)]
    [Description("B1: a probe that fails in another way shows nothing")]
    public async Task VerifyAsync_403AndTheProbeFailsOtherwise_ConcernsTheTokenOnly(int status)
    {
        using var rig = new VerifierRig(Mode.Remote);
        Answer(rig, madeUp: status, other: 403);
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
        await rig.Verifier.Introspection.Probe;
        rig.AnswerActive();

        Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(None));
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Healthy));
    }

    [Test(Description = "B1: the probe hears what the first token did not")]
    public async Task VerifyAsync_403AndTheProbeGets401_CredentialsAreRefused(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        Answer(rig, madeUp: 401, other: 403);
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        await rig.Verifier.Introspection.Probe;

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(CredentialsRefused));
    }

    [Test(Description = "B1: a flood causes one probe in a while")]
    public async Task VerifyAsync_FloodOf403_OneProbeInEachBreak(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        Answer(rig, madeUp: 200, other: 403);

        for (int number = 0; number < 200; number++)
        {
            await rig.VerifyAsync(rig.Sign(), cancellationToken);
            await rig.Verifier.Introspection.Probe;
            rig.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(Probes(rig), Is.InRange(2, 4));
    }

    [Test(Description = "B1: an endpoint that refuses made-up tokens by a 403 as well, while it answers others")]
    public async Task VerifyAsync_403ForMadeUpTokensTooWhileOthersAreAnswered_NoGoodTokenIsRefused(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        for (int number = 0; number < 100; number++)
        {
            rig.AnswerActive();
            Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None), $"token {number}");
            rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.Forbidden));
            await rig.VerifyAsync(rig.Sign(), cancellationToken);
            await rig.Verifier.Introspection.Probe;
            rig.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(rig.Logger.Collector.GetSnapshot().Select(line => line.Level), Has.None.EqualTo(LogLevel.Critical));
    }

    [Test(Description = "B1: the same endpoint in a quiet hour misleads the probe once")]
    public async Task VerifyAsync_CredentialsTurnOutToBeAccepted_ProbeIsNotBelievedAgain(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        int refused = 0;
        for (int number = 0; number < 100; number++)
        {
            rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.Forbidden));
            await rig.VerifyAsync(rig.Sign(), cancellationToken);
            await rig.Verifier.Introspection.Probe;
            rig.AnswerActive();
            refused += await rig.ReasonAsync(rig.Sign(), cancellationToken) == None ? 0 : 1;
            rig.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.That(refused, Is.EqualTo(1));
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Healthy));
    }

    [Test(Description = "B1: an answer that arrives while the probe is under way")]
    public async Task VerifyAsync_TokenIsAnsweredDuringTheProbe_CredentialsAreNotRefused(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        var probe = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Spid.Introspect = (body, _) => body.Contains(MadeUp, StringComparison.Ordinal) ? probe.Task : Task.FromResult(StubSpid.Status(HttpStatusCode.Forbidden));
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        rig.AnswerActive();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);

        probe.SetResult(StubSpid.Status(HttpStatusCode.Forbidden));
        await rig.Verifier.Introspection.Probe;

        for (int number = 0; number < 20; number++)
        {
            Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
        }
    }

    [Test(Description = "B1: a probe that is never answered holds nothing up")]
    public async Task VerifyAsync_ProbeHangs_TokensAreAnsweredMeanwhile(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.Introspection.MaximumConcurrency, options.Introspection.MaximumQueue) = (SpidVerificationMode.Remote, 1, 0));
        rig.Spid.Introspect = (body, ended) => body.Contains(MadeUp, StringComparison.Ordinal) ? StubSpid.NeverAsync(ended) : Task.FromResult(StubSpid.Status(HttpStatusCode.Forbidden));
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        rig.AnswerActive();

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
    }

    private static void Answer(VerifierRig rig, int madeUp, int other) => rig.Spid.Introspect = (body, _) =>
        Task.FromResult(StubSpid.Json("""{"active":false}""", (HttpStatusCode)(body.Contains(MadeUp, StringComparison.Ordinal) ? madeUp : other)));

    private static int Probes(VerifierRig rig) => rig.Spid.Requests.Count(request => request.Body.Contains(MadeUp, StringComparison.Ordinal));
}
