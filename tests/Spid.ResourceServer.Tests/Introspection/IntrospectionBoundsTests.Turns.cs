using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Introspection;

/// <content>Calls that wait for their turn.</content>
internal sealed partial class IntrospectionBoundsTests
{
    [Test]
    public async Task Call_QueueIsFull_IsRejectedAtOnceWithoutAWait(CancellationToken cancellationToken)
    {
        TaskCompletionSource<HttpResponseMessage> answer = HoldAnswers();
        Task<IntrospectionOutcome>[] accepted = [CallAsync(cancellationToken), CallAsync(cancellationToken)];

        IntrospectionOutcome rejected = await CallAsync(cancellationToken);
        _rig.Spid.AnswerIntrospection("""{"active":false}""");
        answer.SetResult(StubSpid.Json("""{"active":false}"""));
        await Task.WhenAll(accepted);

        Assert.That((rejected.Reason, rejected.RetryAfter), Is.EqualTo((SpidVerificationReason.TooManyCalls, (TimeSpan?)null)));
        Assert.That(rejected.ToException().Message, Does.Contain("MaximumConcurrency").And.Contain("MaximumQueue"));
        Assert.That(Rejections(), Is.EqualTo(new[] { "bulkhead" }));
    }

    [Test]
    public async Task Call_TurnDoesNotComeInTime_IsTooManyCalls(CancellationToken cancellationToken)
    {
        TaskCompletionSource<HttpResponseMessage> answer = HoldAnswers();
        Task<IntrospectionOutcome> running = CallAsync(cancellationToken);
        using var time = new CancellationTokenSource();
        Task<IntrospectionOutcome> waiting = CallAsync(time.Token, cancellationToken);

        await time.CancelAsync();
        IntrospectionOutcome rejected = await waiting;

        Assert.That((rejected.Reason, _rig.Spid.Introspections), Is.EqualTo((SpidVerificationReason.TooManyCalls, 1)));
        Assert.That(Rejections(), Is.EqualTo(new[] { "bulkhead" }));
        answer.SetResult(StubSpid.Json("""{"active":false}"""));
        await running;
    }

    [TestCase(false)]
    [TestCase(true, Description = "that the time is up as well changes nothing")]
    public async Task Call_CallerGivesUpWhileItWaits_IsCancelled(bool timeIsUp)
    {
        TaskCompletionSource<HttpResponseMessage> answer = HoldAnswers();
        Task<IntrospectionOutcome> running = CallAsync(CancellationToken.None);
        using var enough = new CancellationTokenSource();
        Task<IntrospectionOutcome> waiting = CallAsync(timeIsUp ? enough.Token : CancellationToken.None, enough.Token);

        await enough.CancelAsync();

        await Assert.ThatAsync(() => waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Rejections(), Is.Empty);
        answer.SetResult(StubSpid.Json("""{"active":false}"""));
        await running;
    }
}
