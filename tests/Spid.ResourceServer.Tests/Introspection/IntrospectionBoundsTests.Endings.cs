using System.Net;
using Spid.Client;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Introspection;

/// <content>However a call ends, the next one finds the gate as it was.</content>
internal sealed partial class IntrospectionBoundsTests
{
    public static IEnumerable<TestCaseData> Endings() =>
    [
        Ending("an answer", (test, _) => test._rig.AnswerActive()),
        Ending("a failure", (test, _) => test._rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.BadGateway))),
        Ending("refused credentials", (test, _) => test._rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.Unauthorized))),
        Ending("the caller gives up", (test, caller) => test._rig.Spid.Introspect = (_, cancelled) =>
        {
            caller.Cancel();
            return StubSpid.NeverAsync(cancelled);
        }),
        Ending("given up before it began", (_, caller) => caller.Cancel()),
        Ending("a pause", (test, _) => test._bounds.Health.Pause.Begin(new SpidException(SpidErrorKind.Transient, "down"), BreakDuration)),
        Ending("an open circuit", (test, _) => test.BreakAsync(CancellationToken.None).GetAwaiter().GetResult()),
        Ending("a handler that throws", (test, _) => test._rig.Spid.Introspect = (_, _) => throw new InvalidOperationException()),
    ];

    [TestCaseSource(nameof(Endings))]
    public async Task Call_EndsInAnyWay_LeavesTheGate(Action<IntrospectionBoundsTests, CancellationTokenSource> arrange)
    {
        for (int round = 0; round < 3; round++)
        {
            using var caller = new CancellationTokenSource();
            arrange(this, caller);
            await Assert.ThatAsync(() => EndAsync(caller.Token), Throws.Nothing);
        }

        _rig.AnswerActive();
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await CallAsync(CancellationToken.None)).Answer?.IsActive, Is.True, "it closes the circuit");
        TaskCompletionSource<HttpResponseMessage> answer = HoldAnswers();
        Task<IntrospectionOutcome>[] accepted = [CallAsync(CancellationToken.None), CallAsync(CancellationToken.None)];
        Assert.That((await CallAsync(CancellationToken.None)).Reason, Is.EqualTo(SpidVerificationReason.TooManyCalls), "one runs and one waits, as at the beginning");
        _rig.AnswerActive();
        answer.SetResult(StubSpid.Json("""{"active":true,"client_id":"a"}"""));

        Assert.That((await Task.WhenAll(accepted)).Select(outcome => outcome.Answer?.IsActive), Is.All.True);
    }

    private static TestCaseData Ending(string name, Action<IntrospectionBoundsTests, CancellationTokenSource> arrange) =>
        new TestCaseData(arrange).SetArgDisplayNames(name);
}
