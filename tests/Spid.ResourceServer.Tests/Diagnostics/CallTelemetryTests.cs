using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Diagnostics;

/// <summary>What operators see of calls to SPiD, of those that were not made, and of signatures.</summary>
[CancelAfter(60_000)]
[NonParallelizable]
internal sealed class CallTelemetryTests
{
    [Test]
    public async Task KeySetRefreshes_EachCause_IsCountedWithWhatCameOfIt(CancellationToken cancellationToken)
    {
        using var metrics = new MetricLines();
        using var rig = new VerifierRig(Mode.Local);
        using var stranger = new Forge();

        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        await rig.Verifier.Keys.WarmUpAsync(cancellationToken);
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        await rig.VerifyAsync(stranger.Sign(rig.Now), cancellationToken);
        rig.Time.Advance(TimeSpan.FromMinutes(17));
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => Refreshes(metrics).Length == 4, cancellationToken);

        Assert.That(Refreshes(metrics), Is.EqualTo(new[]
        {
            "spid.jwks.refreshes 1 spid.cause=first spid.result=success",
            "spid.jwks.refreshes 1 spid.cause=warm_up spid.result=success",
            "spid.jwks.refreshes 1 spid.cause=unknown_key spid.result=failure",
            "spid.jwks.refreshes 1 spid.cause=age spid.result=failure",
        }));
    }

    [Test]
    public async Task KeySetAge_NoSetYetAndThenOne_IsSilentAndThenCounts(CancellationToken cancellationToken)
    {
        using var metrics = new MetricLines();
        using var rig = new VerifierRig(Mode.Local);

        Assert.That(metrics.Read(), Has.None.StartsWith("spid.jwks.age"));
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(90));

        Assert.That(metrics.Read(), Does.Contain("spid.jwks.age 90"));
    }

    [Test]
    public async Task IntrospectionRejected_TooManyAtOnce_IsCountedAsBulkhead(CancellationToken cancellationToken)
    {
        using var metrics = new MetricLines();
        using var rig = new VerifierRig(options =>
            (options.Mode, options.Introspection.MaximumConcurrency, options.Introspection.MaximumQueue) = (SpidVerificationMode.Remote, 1, 0));
        rig.Spid.Introspect = (_, cancelled) => StubSpid.NeverAsync(cancelled);
        Task<SpidVerificationReason> running = rig.ReasonAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 1, cancellationToken);

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(TooManyCalls));
        rig.Time.Advance(TimeSpan.FromSeconds(3));
        await running;

        Assert.That(metrics.Read().Where(IsCall), Is.EqualTo(new[]
        {
            "spid.introspection.rejected 1 spid.cause=bulkhead",
            "spid.introspection.duration 0 spid.outcome=transient",
        }), "a call without an answer is a passing fault, and not one that its caller gave up");
    }

    [Test]
    public async Task IntrospectionRejected_BreakOrPause_IsCountedAsBreaker(CancellationToken cancellationToken)
    {
        using var metrics = new MetricLines();
        using var broken = new VerifierRig(Mode.Remote);
        using var paused = new VerifierRig(Mode.Remote);
        broken.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        paused.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.Unauthorized));

        for (int request = 0; request < 11; request++)
        {
            await broken.VerifyAsync(broken.Sign(), cancellationToken);
        }

        await paused.VerifyAsync(paused.Sign(), cancellationToken);
        await paused.VerifyAsync(paused.Sign(), cancellationToken);

        string[] lines = [.. metrics.Read().Where(IsCall)];
        Assert.That(lines, Has.Exactly(2).EqualTo("spid.introspection.rejected 1 spid.cause=breaker")
            .And.Exactly(10).EqualTo("spid.introspection.duration 0 spid.outcome=transient")
            .And.Exactly(1).EqualTo("spid.introspection.duration 0 spid.outcome=configuration"));
    }

    [Test(Description = "Edge case 76")]
    public async Task Verifications_TwoWithOneToken_TheSecondHasJoined(CancellationToken cancellationToken)
    {
        using var metrics = new MetricLines();
        using var rig = new VerifierRig(Mode.Remote);
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Spid.Introspect = (_, _) => answer.Task;
        string token = rig.Sign();

        Task<SpidVerificationResult>[] both = [rig.VerifyAsync(token, cancellationToken), rig.VerifyAsync(token, cancellationToken)];
        answer.SetResult(StubSpid.Json("""{"active":false}"""));
        await Task.WhenAll(both);

        Assert.That(metrics.Read().Where(line => line.StartsWith("spid.token.verifications", StringComparison.Ordinal)), Is.EquivalentTo(new[]
        {
            "spid.token.verifications 1 spid.mode=remote spid.outcome=rejected spid.reason=not_active spid.cache=miss",
            "spid.token.verifications 1 spid.mode=remote spid.outcome=rejected spid.reason=not_active spid.cache=joined",
        }));
    }

    [Test]
    public async Task Activities_Signatures_HaveASpanEachAndRememberedTokensNone(CancellationToken cancellationToken)
    {
        ConcurrentQueue<string> seen = new();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SpidVerificationDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => seen.Enqueue($"{activity.OperationName} {activity.GetTagItem(SpidVerificationDiagnostics.OutcomeTag)}".TrimEnd()),
        };
        ActivitySource.AddActivityListener(listener);
        using var rig = new VerifierRig(Mode.Local);
        using var forger = new Forge { KeyId = rig.Forge.KeyId };
        string token = rig.Sign();

        await rig.VerifyAsync(token, cancellationToken);
        await rig.VerifyAsync(token, cancellationToken);
        await rig.VerifyAsync(forger.Sign(rig.Now), cancellationToken);

        Assert.That(seen, Is.EqualTo(new[] { "spid.jwks.fetch", "spid.signature good", "spid.signature bad" }));
    }

    private static string[] Refreshes(MetricLines metrics) => [.. metrics.Read().Where(line => line.StartsWith("spid.jwks.refreshes", StringComparison.Ordinal))];

    private static bool IsCall(string line) => line.StartsWith("spid.introspection", StringComparison.Ordinal);
}
