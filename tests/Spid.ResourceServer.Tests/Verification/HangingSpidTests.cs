using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>SPiD accepts connections and does not answer: how long anybody waits, and who notices.</summary>
[CancelAfter(60_000)]
internal sealed class HangingSpidTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    [Test(Description = "Edge case 55, one token after the other")]
    public async Task VerifyAsync_IntrospectionHangsForOneAfterTheOther_BreakerOpensAndOneLineIsLogged(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, cancelled) => StubSpid.NeverAsync(cancelled);

        SpidVerificationReason[] reasons = new SpidVerificationReason[30];
        for (int request = 0; request < reasons.Length; request++)
        {
            reasons[request] = await HangAsync(rig, rig.Sign(), cancellationToken);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rig.Spid.Introspections, Is.EqualTo(10));
            Assert.That(reasons[..10], Is.All.EqualTo(IntrospectionFailed));
            Assert.That(reasons[10..], Is.All.EqualTo(CircuitOpen));
            Assert.That(Lines(rig, "IntrospectionFailed"), Is.EqualTo(1));
            Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Unhealthy));
        }
    }

    [Test(Description = "R15: a flood of misses through the verifier while the endpoint hangs")]
    public async Task VerifyAsync_IntrospectionHangsForManyAtOnce_BreakerOpensForThoseWhoCome(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, cancelled) => StubSpid.NeverAsync(cancelled);

        Task<SpidVerificationReason>[] first = [.. Enumerable.Range(0, 64).Select(_ => rig.ReasonAsync(rig.Sign(), cancellationToken))];
        await Wait.UntilAsync(() => rig.Spid.Introspections == 64, cancellationToken);
        rig.Time.Advance(Timeout);

        Assert.That(await Task.WhenAll(first), Is.All.EqualTo(IntrospectionFailed));
        SpidVerificationResult next = await rig.VerifyAsync(rig.Sign(), cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((next.Status, next.Reason, next.RetryAfter > TimeSpan.Zero), Is.EqualTo((SpidVerificationStatus.Unavailable, CircuitOpen, true)));
            Assert.That(rig.Spid.Introspections, Is.EqualTo(64));
            Assert.That(rig.Verifier.Introspection.Status, Is.EqualTo(IntrospectionStatus.Failing));
        }
    }

    [Test]
    public async Task VerifyAsync_IntrospectionHangsOnce_ShowsInTheHealthCheck(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, cancelled) => StubSpid.NeverAsync(cancelled);

        await HangAsync(rig, rig.Sign(), cancellationToken);

        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Degraded));
    }

    [Test(Description = "Edge case 72: slow, cold; the table says remote, else 503")]
    public async Task VerifyAsync_KeySetHangs_IntrospectionDecidesHalfwayThroughTheTime(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        rig.AnswerActive();
        rig.Spid.Keys = StubSpid.NeverAsync;

        Task<SpidVerificationResult> verification = rig.VerifyAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 1, cancellationToken);
        rig.Time.Advance(Timeout / 2);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 1 || verification.IsCompleted, cancellationToken);

        Assert.That((await verification).Token.Source, Is.EqualTo(SpidTokenSource.Introspected));
        rig.Time.Advance(Timeout / 2);
        await Wait.UntilAsync(() => rig.Verifier.Keys.Status == KeySetStatus.Missing, cancellationToken);
        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None), "the next one need not wait");
    }

    [Test(Description = "Edge case 72: slow, warm; made-up key ids would cause an introspection each")]
    public async Task VerifyAsync_KeySetHangsForANewKey_IsUnavailableAndKnownKeysGoOn(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        using var next = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        rig.AnswerActive();
        rig.Spid.Keys = StubSpid.NeverAsync;

        Task<SpidVerificationResult> verification = rig.VerifyAsync(next.Sign(rig.Now), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 2, cancellationToken);
        Assert.That((await rig.VerifyAsync(rig.Sign(), cancellationToken)).Token.Source, Is.EqualTo(SpidTokenSource.LocalSignature));
        rig.Time.Advance(Timeout / 2);
        SpidVerificationResult result = await verification;

        Assert.That((result.Reason, result.RetryAfter), Is.EqualTo((NoKeys, TimeSpan.FromSeconds(3))));
        Assert.That(rig.Spid.Introspections, Is.Zero);
    }

    [Test]
    public async Task VerifyAsync_KeySetAndIntrospectionHang_IsUnavailableAfterOneTimeout(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        rig.Spid.Keys = StubSpid.NeverAsync;
        rig.Spid.Introspect = (_, cancelled) => StubSpid.NeverAsync(cancelled);

        Task<SpidVerificationReason> verification = rig.ReasonAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 1, cancellationToken);
        rig.Time.Advance(Timeout / 2);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 1 || verification.IsCompleted, cancellationToken);
        rig.Time.Advance(Timeout / 2);

        Assert.That(await verification, Is.EqualTo(IntrospectionFailed));
    }

    [Test(Description = "Edge case 78: a late joiner's own try ends when its own time is up")]
    public async Task VerifyAsync_JoinsLateAndTheSecondSearchHangsToo_WaitsOneTimeoutInAll(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, cancelled) => StubSpid.NeverAsync(cancelled);
        string token = rig.Sign();
        Task<SpidVerificationReason> leader = rig.ReasonAsync(token, cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 1, cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        Task<SpidVerificationReason> joiner = rig.ReasonAsync(token, cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await leader, Is.EqualTo(IntrospectionFailed));
        await Wait.UntilAsync(() => rig.Spid.Introspections == 2, cancellationToken);

        rig.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(await joiner, Is.EqualTo(IntrospectionFailed));
    }

    [Test]
    public async Task VerifyAsync_HandlerIgnoresThatTimeIsUp_NobodyWaitsAndTheBreakerOpens(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => new TaskCompletionSource<HttpResponseMessage>().Task;
        var reasons = new List<SpidVerificationReason>();

        for (int request = 0; request < 12; request++)
        {
            reasons.Add(await HangAsync(rig, rig.Sign(), cancellationToken));
        }

        Assert.That(reasons.Take(10), Is.All.EqualTo(IntrospectionFailed));
        Assert.That(reasons[^1], Is.EqualTo(CircuitOpen));
    }

    [Test]
    public async Task VerifyAsync_HandlerIgnoresThatTimeIsUpForKeys_NobodyWaitsAndTheNextFetchIsFree(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.Keys = _ => new TaskCompletionSource<HttpResponseMessage>().Task;

        Task<SpidVerificationReason> verification = rig.ReasonAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 1, cancellationToken);
        rig.Time.Advance(Timeout);
        Assert.That(await verification, Is.EqualTo(NoKeys));
        await Wait.UntilAsync(() => rig.Verifier.Keys.Status == KeySetStatus.Missing, cancellationToken);

        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key()));
        rig.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
    }

    /// <summary>Lets the time of a call pass if there is one.</summary>
    private static async Task<SpidVerificationReason> HangAsync(VerifierRig rig, string token, CancellationToken cancellationToken)
    {
        int before = rig.Spid.Introspections;
        Task<SpidVerificationReason> verification = rig.ReasonAsync(token, cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.Introspections > before || verification.IsCompleted, cancellationToken);
        if (!verification.IsCompleted)
        {
            rig.Time.Advance(Timeout);
        }

        return await verification;
    }

    private static int Lines(VerifierRig rig, string name) => rig.Logger.Collector.GetSnapshot().Count(line => line.Id.Name == name);
}
