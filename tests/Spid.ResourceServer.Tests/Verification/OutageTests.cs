using System.Net;
using System.Runtime.ExceptionServices;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>While SPiD is left alone, a token costs no search, no call and no exception.</summary>
[CancelAfter(60_000)]
internal sealed class OutageTests
{
    public static IEnumerable<TestCaseData> Outages() =>
    [
        Outage("circuit open", CircuitOpen, 10, _ => StubSpid.Status(HttpStatusCode.InternalServerError)),
        Outage("a pause", Throttled, 1, _ =>
        {
            HttpResponseMessage response = StubSpid.Status(HttpStatusCode.TooManyRequests);
            response.Headers.Add("Retry-After", "20");
            return response;
        }),
        Outage("credentials refused", CredentialsRefused, 1, _ => StubSpid.Status(HttpStatusCode.Unauthorized)),
    ];

    [TestCaseSource(nameof(Outages))]
    public async Task VerifyAsync_SpidIsLeftAlone_EndsAtOnceAndThrowsNothing(SpidVerificationReason expected, int calls, Func<string, HttpResponseMessage> answer)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (body, _) => Task.FromResult(answer(body));
        for (int call = 0; call < calls; call++)
        {
            await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
        }

        string[] tokens = [.. Enumerable.Range(0, 50).Select(_ => rig.Sign())];
        ValueTask<SpidVerificationResult>[] verifications = [];
        int exceptions = CountExceptions(() => verifications = [.. tokens.Select(token => rig.Verifier.VerifyAsync(token.AsMemory(), CancellationToken.None))]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(verifications.Select(verification => verification.IsCompletedSuccessfully), Is.All.True);
            Assert.That(verifications.Select(verification => (verification.Result.Reason, verification.Result.RetryAfter > TimeSpan.Zero)), Is.All.EqualTo((expected, true)));
            Assert.That((exceptions, rig.Spid.Introspections), Is.EqualTo((0, calls)));
        }
    }

    [Test]
    public async Task VerifyAsync_OneCallShowsAfterTheBreakWhetherSpidIsBack_OthersEndAtOnce(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        await BreakAsync(rig, cancellationToken);
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Spid.Introspect = (_, _) => answer.Task;
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        Task<SpidVerificationReason> test = rig.ReasonAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 11, cancellationToken);

        string token = rig.Sign();
        ValueTask<SpidVerificationResult> other = default;
        int exceptions = CountExceptions(() => other = rig.Verifier.VerifyAsync(token.AsMemory(), CancellationToken.None));
        bool isOver = other.IsCompleted;
        rig.AnswerActive();
        answer.SetResult(StubSpid.Json("""{"active":false}"""));
        await test;

        Assert.That((isOver, (await other).Reason, exceptions), Is.EqualTo((true, CircuitOpen, 0)));
        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(None));
    }

    [Test]
    public async Task VerifyAsync_CircuitOpenAndTheTokenIsExpiredOrForeign_IsStillRefused(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        await BreakAsync(rig, cancellationToken);

        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["exp"] = 1), cancellationToken), Is.EqualTo(Expired));
        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["iss"] = "https://other.example.com"), cancellationToken), Is.EqualTo(WrongIssuer));
    }

    [Test]
    public async Task VerifyAsync_CircuitOpenAndAnotherProcessHasAsked_ItsAnswerServes(CancellationToken cancellationToken)
    {
        var store = new OpenStore();
        using var one = new VerifierRig(options => options.Cache.Distributed = Remote(options), store: store);
        using var other = new VerifierRig(options => options.Cache.Distributed = Remote(options), one.Forge, store);
        one.AnswerActive();
        string token = one.Sign();
        await one.VerifyAsync(token, cancellationToken);
        await Wait.UntilAsync(() => !store.Entries.IsEmpty, cancellationToken);
        await BreakAsync(other, cancellationToken);

        Assert.That(await other.ReasonAsync(token, cancellationToken), Is.EqualTo(None));
    }

    private static bool Remote(SpidVerifierOptions options)
    {
        options.Mode = SpidVerificationMode.Remote;
        return true;
    }

    private static TestCaseData Outage(string name, SpidVerificationReason expected, int calls, Func<string, HttpResponseMessage> answer) =>
        new TestCaseData(expected, calls, answer).SetArgDisplayNames(name).SetDescription("B27");

    private static async Task BreakAsync(VerifierRig rig, CancellationToken cancellationToken)
    {
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        while (await rig.ReasonAsync(rig.Sign(), cancellationToken) != CircuitOpen)
        {
        }
    }

    /// <summary>Counts those of this thread: all that a verification does while SPiD is left alone is done on it.</summary>
    private static int CountExceptions(Action action)
    {
        int exceptions = 0;
        int thread = Environment.CurrentManagedThreadId;
        EventHandler<FirstChanceExceptionEventArgs> count = (_, _) => exceptions += Environment.CurrentManagedThreadId == thread ? 1 : 0;
        AppDomain.CurrentDomain.FirstChanceException += count;
        try
        {
            action();
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= count;
        }

        return exceptions;
    }
}
