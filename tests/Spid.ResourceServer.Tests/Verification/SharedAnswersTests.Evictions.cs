using System.Text.Json.Nodes;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <content>What is evicted or refused must not come back out of the store.</content>
internal sealed partial class SharedAnswersTests
{
    private const string Inactive = """{"active":false}""";

    [TestCase(true)]
    [TestCase(false)]
    public async Task EvictAsync_TokenOrClient_IsForgottenByOtherProcessesToo(bool byClient)
    {
        using VerifierRig first = Create();
        string token = first.Sign();
        await AskAsync(first, token);

        await EvictAsync(first, token, byClient);

        using VerifierRig second = Create();
        Assert.That(await second.ReasonAsync(token, CancellationToken.None), Is.EqualTo(NotActive));
    }

    [TestCase(true, Description = "Edge case 86, shared, by client")]
    [TestCase(false, Description = "Edge case 86, shared")]
    public async Task EvictAsync_CallUnderWay_ItsAnswerServesNobody(bool byClient)
    {
        using VerifierRig first = Create();
        using VerifierRig second = Create();
        TaskCompletionSource<HttpResponseMessage> answer = Hold(first);
        string token = first.Sign();
        Task<SpidVerificationReason> underWay = first.ReasonAsync(token, CancellationToken.None);
        await Wait.UntilAsync(() => first.Spid.Introspections == 1, CancellationToken.None);

        await EvictAsync(first, token, byClient);
        await AnswerAsync(first, answer);
        Assert.That(await underWay, Is.EqualTo(None), "it had been asked before");
        first.Spid.AnswerIntrospection(Inactive);

        Assert.That(await first.ReasonAsync(token, CancellationToken.None), Is.EqualTo(NotActive));
        Assert.That(await second.ReasonAsync(token, CancellationToken.None), Is.EqualTo(NotActive));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task EvictAsync_TokenIsTakenFromTheStoreMeanwhile_ServesNobodyAfterwards(bool byClient)
    {
        using VerifierRig first = Create();
        using VerifierRig second = Create();
        string token = first.Sign();
        await AskAsync(first, token);
        var writes = new TaskCompletionSource();
        _store.Writes = writes.Task;

        Task eviction = EvictAsync(second, token, byClient);
        Assert.That(await second.ReasonAsync(token, CancellationToken.None), Is.EqualTo(None), "the store does not know of the eviction yet");
        writes.SetResult();
        await eviction;

        Assert.That(await second.ReasonAsync(token, CancellationToken.None), Is.EqualTo(NotActive));
    }

    [TestCase(true, 25, Description = "Edge case 86, shared, by client: another process has asked")]
    [TestCase(false, -25, Description = "Edge case 86, shared: another process has asked")]
    public async Task EvictAsync_CallOfAProcessWithAnotherClockUnderWay_ItsAnswerServesNobody(bool byClient, int clockError)
    {
        using VerifierRig first = Create();
        using VerifierRig second = Create();
        using VerifierRig third = Create();
        second.Time.WallClockError = TimeSpan.FromSeconds(clockError);
        TaskCompletionSource<HttpResponseMessage> answer = Hold(second);
        string token = first.Sign();
        Task<SpidVerificationReason> underWay = second.ReasonAsync(token, CancellationToken.None);
        await Wait.UntilAsync(() => second.Spid.Introspections == 1, CancellationToken.None);

        await EvictAsync(first, token, byClient);
        await AnswerAsync(second, answer);
        await underWay;

        Assert.That(await third.ReasonAsync(token, CancellationToken.None), Is.EqualTo(NotActive));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task EvictAsync_TokenOrClient_MarkStaysAsLongAsAnAnswerFromBeforeMayServe(bool byClient)
    {
        using VerifierRig rig = Create();
        TimeSpan maximumAge = rig.Verifier.Settings.Cache.MaximumAge;
        TimeSpan clockSkew = rig.Verifier.Settings.ClockSkew;

        await EvictAsync(rig, rig.Sign(), byClient);

        // The process that got the answer may be ahead of the mark's clock, and the one that reads it behind.
        Assert.That(_store.Lives.Single().Value, Is.GreaterThanOrEqualTo(maximumAge + (2 * clockSkew)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task EvictAsync_AskedAgainLongAfter_AnswerIsSharedAgain(bool byClient)
    {
        using VerifierRig first = Create();
        using VerifierRig second = Create();
        string token = first.Sign();
        await EvictAsync(first, token, byClient);
        first.Time.Advance(TimeSpan.FromSeconds(31));
        second.Time.Advance(TimeSpan.FromSeconds(31));

        await AskAsync(first, token);

        Assert.That(await second.ReasonAsync(token, CancellationToken.None), Is.EqualTo(None));
    }

    [TestCase(true, true)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(false, false)]
    public async Task VerifyAsync_MarkOutOfReachOrTamperedWith_IsAMiss(bool byClient, bool isTampered)
    {
        using VerifierRig first = Create();
        using VerifierRig second = Create();
        string token = first.Sign();
        await EvictAsync(first, token, byClient);
        string mark = _store.Entries.Keys.Single();
        first.Time.Advance(TimeSpan.FromSeconds(31));
        second.Time.Advance(TimeSpan.FromSeconds(31));
        await AskAsync(first, token);
        _store.Unreadable = isTampered ? null : mark;
        _store.Entries[mark][^1] ^= 1;

        Assert.That(await second.ReasonAsync(token, CancellationToken.None), Is.EqualTo(NotActive));
    }

    [Test(Description = "Edge case 87, shared")]
    public async Task VerifyAsync_RefreshAheadFindsItInactive_StaysRefusedEverywhere(CancellationToken cancellationToken)
    {
        using VerifierRig first = Create(options => options.Cache.MaximumAge = TimeSpan.FromMinutes(5));
        using VerifierRig second = Create(options => options.Cache.MaximumAge = TimeSpan.FromMinutes(5));
        string token = first.Sign();
        await AskAsync(first, token);
        first.Spid.AnswerIntrospection(Inactive);
        first.Time.Advance(TimeSpan.FromSeconds(240));
        second.Time.Advance(TimeSpan.FromSeconds(240));

        Assert.That(await first.ReasonAsync(token, cancellationToken), Is.EqualTo(None), "nobody waits for the refresh");
        await Wait.UntilAsync(() => first.Verifier.Cache.FactsCount == 0, cancellationToken);
        Assert.That(await first.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
        first.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.That(await first.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive), "the refusal is forgotten, but what was shared is gone");
        Assert.That(await second.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
    }

    [Test(Description = "Edge case 87, shared: the store is out of reach just then")]
    public async Task VerifyAsync_RefreshCannotRemoveWhatIsShared_OlderAnswersCountForNothing(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create(options => options.Cache.MaximumAge = TimeSpan.FromMinutes(5));
        string token = rig.Sign();
        await AskAsync(rig, token);
        rig.Spid.AnswerIntrospection(Inactive);
        rig.Time.Advance(TimeSpan.FromSeconds(240));
        _store.Fails = true;
        await rig.ReasonAsync(token, cancellationToken);
        await Wait.UntilAsync(() => rig.Verifier.Cache.FactsCount == 0, cancellationToken);
        _store.Fails = false;

        rig.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task EvictAsync_StoreIsLeftAlone_IsEvictedAllTheSame(bool byClient)
    {
        using VerifierRig first = Create();
        string token = first.Sign();
        await AskAsync(first, token);
        _store.Fails = true;
        await first.VerifyAsync(first.Sign(), CancellationToken.None);
        _store.Fails = false;

        await EvictAsync(first, token, byClient);

        using VerifierRig second = Create();
        Assert.That(await second.ReasonAsync(token, CancellationToken.None), Is.EqualTo(NotActive));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task EvictAsync_StoreFails_SaysSoAndIsForgottenHere(bool byClient)
    {
        using VerifierRig rig = Create();
        string token = rig.Sign();
        await AskAsync(rig, token);
        _store.Fails = true;

        await Assert.ThatAsync(() => EvictAsync(rig, token, byClient), Throws.InvalidOperationException.With.Message.Contains("distributed cache of SPiD verifier 'rig'"));

        _store.Fails = false;
        rig.Spid.AnswerIntrospection(Inactive);
        rig.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(await rig.ReasonAsync(token, CancellationToken.None), Is.EqualTo(NotActive));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task EvictAsync_StoreHangs_FailsWhenACallToSpidWould(bool byClient)
    {
        using VerifierRig rig = Create();
        _store.Hangs = true;
        Task eviction = EvictAsync(rig, rig.Sign(), byClient);
        await Wait.UntilAsync(() => _store.Uses > 0, CancellationToken.None);

        rig.Time.Advance(TimeSpan.FromMilliseconds(2_999));
        Assert.That(eviction.IsCompleted, Is.False);
        rig.Time.Advance(TimeSpan.FromMilliseconds(1));

        await Assert.ThatAsync(() => eviction, Throws.InvalidOperationException.With.InnerException.TypeOf<TimeoutException>());
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task EvictAsync_Cancelled_StoreStaysInUse(bool byClient)
    {
        using VerifierRig first = Create();
        using VerifierRig second = Create();
        string token = second.Sign();
        await AskAsync(second, token);
        using var cancelled = new CancellationTokenSource();
        _store.Hangs = true;
        Task eviction = EvictAsync(first, first.Sign(), byClient, cancelled.Token);
        await Wait.UntilAsync(() => _store.Uses > 2, CancellationToken.None);

        await cancelled.CancelAsync();
        await Assert.ThatAsync(() => eviction, Throws.InstanceOf<OperationCanceledException>());

        _store.Hangs = false;
        Assert.That(await first.ReasonAsync(token, CancellationToken.None), Is.EqualTo(None));
        Assert.That(first.Logger.Collector.Count, Is.Zero);
    }

    [Test]
    public async Task VerifyAsync_TokensOfStrangers_LeaveNothingInTheStore(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();

        for (int request = 0; request < 20; request++)
        {
            Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(NotActive));
        }

        Assert.That(_store.Entries, Is.Empty);
    }

    private static TaskCompletionSource<HttpResponseMessage> Hold(VerifierRig rig)
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Spid.Introspect = (_, _) => answer.Task;
        return answer;
    }

    private static async Task EvictAsync(VerifierRig rig, string token, bool byClient, CancellationToken cancellationToken = default)
    {
        if (byClient)
        {
            await rig.Verifier.EvictClientAsync(Forge.ClientId, cancellationToken);
        }
        else
        {
            await rig.Verifier.EvictAsync(token.AsMemory(), cancellationToken);
        }
    }

    /// <summary>Answers a call under way, and waits until that is in the store.</summary>
    private async Task AnswerAsync(VerifierRig rig, TaskCompletionSource<HttpResponseMessage> answer)
    {
        int before = _store.Entries.Count;
        JsonObject body = Forge.Claims(rig.Now);
        body["active"] = true;
        answer.SetResult(StubSpid.Json(body.ToJsonString()));
        await Wait.UntilAsync(() => _store.Entries.Count > before, CancellationToken.None);
    }
}
