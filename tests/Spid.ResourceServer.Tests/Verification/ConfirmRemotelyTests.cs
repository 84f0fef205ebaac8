using System.Net;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>Signed tokens that SPiD must confirm as well: how often it is asked, and for how long a revoked one is accepted.</summary>
[CancelAfter(60_000)]
internal sealed class ConfirmRemotelyTests
{
    [Test]
    public async Task VerifyAsync_ConfirmedMoreRarelyThanTheCacheForgets_OneCallInThatTime(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create(TimeSpan.FromMinutes(10));
        string token = rig.Sign();

        for (int second = 0; second < 470; second += 10)
        {
            Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(None));
            rig.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.That(rig.Spid.Introspections, Is.EqualTo(1));
    }

    [Test]
    public async Task VerifyAsync_BusyToken_IsConfirmedAheadAndNobodyWaits(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create(TimeSpan.FromSeconds(60));
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Spid.Introspect = (_, _) => answer.Task;

        rig.Time.Advance(TimeSpan.FromSeconds(48));
        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(None));
        await Wait.UntilAsync(() => rig.Spid.Introspections == 2, cancellationToken);
        answer.SetResult(StubSpid.Json("""{"active":true}"""));
        await Wait.UntilAsync(() => rig.Verifier.Searches == 0, cancellationToken);

        rig.Spid.Introspect = (_, cancelled) => StubSpid.NeverAsync(cancelled);
        rig.Time.Advance(TimeSpan.FromSeconds(47));
        Assert.That((await rig.VerifyAsync(token, cancellationToken)).Token.Source, Is.EqualTo(SpidTokenSource.Cached), "95 seconds after the first confirmation");
    }

    [Test(Description = "Edge case 87, for a signed token")]
    public async Task VerifyAsync_ConfirmedAheadAndFoundInactive_IsRefusedFromThenOn(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create(TimeSpan.FromSeconds(60));
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);
        rig.Spid.AnswerIntrospection("""{"active":false}""");

        rig.Time.Advance(TimeSpan.FromSeconds(48));
        await rig.VerifyAsync(token, cancellationToken);
        await Wait.UntilAsync(() => rig.Verifier.Cache.FactsCount == 0, cancellationToken);

        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
    }

    [Test]
    public async Task VerifyAsync_KeySetDownAndTokenRevoked_IsRefusedWithinTheSameTime(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create(TimeSpan.FromSeconds(10));
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(HttpStatusCode.ServiceUnavailable));
        string token = rig.Sign();
        Assert.That((await rig.VerifyAsync(token, cancellationToken)).Token.Source, Is.EqualTo(SpidTokenSource.Introspected));
        rig.Spid.AnswerIntrospection("""{"active":false}""");

        rig.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
    }

    [Test]
    public async Task VerifyAsync_CacheSwitchedOff_IsConfirmedEachTime(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create(TimeSpan.FromMinutes(10), TimeSpan.Zero);
        string token = rig.Sign();

        await rig.VerifyAsync(token, cancellationToken);
        await rig.VerifyAsync(token, cancellationToken);

        Assert.That(rig.Spid.Introspections, Is.EqualTo(2));
    }

    [Test]
    public async Task VerifyAsync_SignedTokenWithoutConfirmation_IsNotRefreshedAhead(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);

        rig.Time.Advance(TimeSpan.FromSeconds(50));
        await rig.VerifyAsync(token, cancellationToken);

        Assert.That((rig.Verifier.Searches, rig.Spid.Introspections), Is.EqualTo((0, 0)));
    }

    [TestCase(0)]
    [TestCase(300)]
    [Description("B11: the key is withdrawn while the confirmation hangs; facts that are served on while SPiD fails do not outlive their key")]
    public async Task VerifyAsync_KeyWithdrawnWhileTheConfirmationHangs_IsRefused(int staleIfError)
    {
        using VerifierRig rig = Create(TimeSpan.FromSeconds(60), configure: options => options.Cache.StaleIfError = TimeSpan.FromSeconds(staleIfError));
        using var next = new Forge();
        string[] tokens = [.. Enumerable.Range(0, 5).Select(_ => rig.Sign())];
        foreach (string token in tokens)
        {
            Assert.That(await rig.ReasonAsync(token, CancellationToken.None), Is.EqualTo(None));
        }

        rig.Time.Advance(TimeSpan.FromSeconds(61));
        rig.Spid.Introspect = (_, cancelled) => StubSpid.NeverAsync(cancelled);
        Task<SpidVerificationReason>[] requests = [.. tokens.Select(token => rig.ReasonAsync(token, CancellationToken.None))];
        await Wait.UntilAsync(() => rig.Spid.Introspections == 10, CancellationToken.None);
        rig.Spid.AnswerKeys(Forge.KeySet(next.Key()));
        await rig.Verifier.Keys.WarmUpAsync(CancellationToken.None);
        rig.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.That(await Task.WhenAll(requests), Is.All.EqualTo(UnknownKey));
    }

    [Test(Description = "B11: nor does an answer make up for the key")]
    public async Task VerifyAsync_KeyWithdrawnWhileTheConfirmationIsUnderWay_IsRefusedThoughSpidCallsItActive(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create(TimeSpan.FromSeconds(60));
        using var next = new Forge();
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Spid.Introspect = (_, _) => answer.Task;
        Task<SpidVerificationReason> request = rig.ReasonAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 1, cancellationToken);

        rig.Spid.AnswerKeys(Forge.KeySet(next.Key()));
        await rig.Verifier.Keys.WarmUpAsync(cancellationToken);
        answer.SetResult(StubSpid.Json("""{"active":true}"""));

        Assert.That(await request, Is.EqualTo(UnknownKey));
        Assert.That(rig.Verifier.Cache.FactsCount, Is.Zero);
    }

    [Test(Description = "B11: the key is still published, so what is known of its token serves on")]
    public async Task VerifyAsync_KeySetFetchedAgainWhileTheConfirmationHangs_StaleFactsServe(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create(TimeSpan.FromSeconds(60), configure: options => options.Cache.StaleIfError = TimeSpan.FromMinutes(5));
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(61));
        rig.Spid.Introspect = (_, cancelled) => StubSpid.NeverAsync(cancelled);
        Task<SpidVerificationResult> request = rig.VerifyAsync(token, cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 2, cancellationToken);

        await rig.Verifier.Keys.WarmUpAsync(cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.That((await request).Token.Source, Is.EqualTo(SpidTokenSource.Cached));
    }

    private static VerifierRig Create(TimeSpan confirm, TimeSpan? maximumAge = null, Action<SpidVerifierOptions>? configure = null)
    {
        var rig = new VerifierRig(options =>
        {
            (options.ConfirmRemotely, options.Cache.MaximumAge) = (confirm, maximumAge ?? TimeSpan.FromSeconds(60));
            configure?.Invoke(options);
        });
        rig.AnswerActive();
        return rig;
    }
}
