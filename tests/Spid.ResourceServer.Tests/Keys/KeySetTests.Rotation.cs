using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Keys;

/// <content>Rotations among ids that come again and again, threads that lose their turn, and a token that is brought before its key is published.</content>
internal sealed partial class KeySetTests
{
    [Test(Description = "B6: 60 rotations, 8 new tokens at once each, and every look at the clock gives the turn to another thread")]
    public async Task FindAsync_ThreadsLoseTheirTurnRightAfterARotation_AllFindTheKeyAfterOneFetch(CancellationToken cancellationToken)
    {
        int refused = 0;

        for (int round = 0; round < 60; round++)
        {
            using var rotated = new VerifierRig(Mode.Local);
            using var fresh = new KeySet(VerifierSettings.From("rig", rotated.Options), PartsOf(rotated, new YieldingTime(), NullLogger.Instance));
            await fresh.FindAsync(rotated.Forge.KeyId, cancellationToken);
            rotated.Spid.AnswerKeys(Forge.KeySet(rotated.Forge.Key(), rotated.Forge.Key(key => key["kid"] = "next")));
            using var start = new Barrier(8);

            Task<KeyLookup>[] finders = [.. Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                async () =>
                {
                    start.SignalAndWait(cancellationToken);
                    return await fresh.FindAsync("next", cancellationToken);
                },
                cancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).Unwrap())];
            refused += (await Task.WhenAll(finders)).Count(lookup => lookup.Outcome != KeyOutcome.Found);
            Assert.That(rotated.Spid.KeyFetches, Is.EqualTo(2), "one fetch is charged once");
        }

        Assert.That(refused, Is.Zero);
    }

    [Test(Description = "B7: who joins the search for a token after its key was published is not told what a fetch from before that shows")]
    public async Task VerifyAsync_TokenIsBroughtBeforeAndAfterItsKeyIsPublished_OnlyTheFirstMayBeUnknown(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        using var next = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        TaskCompletionSource<HttpResponseMessage> answer = HoldKeys(rig);
        string token = next.Sign(rig.Now);
        Task<SpidVerificationReason> before = rig.ReasonAsync(token, cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 2, cancellationToken);

        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), next.Key()));
        Task<SpidVerificationResult>[] after = [.. Enumerable.Range(0, 5).Select(_ => rig.VerifyAsync(token, cancellationToken))];
        answer.SetResult(StubSpid.Json(Forge.KeySet(rig.Forge.Key())));
        SpidVerificationResult[] results = await Task.WhenAll(after);

        Assert.That(results.Select(result => (result.Status, result.RetryAfter)), Is.All.EqualTo((SpidVerificationStatus.Unavailable, TimeSpan.FromSeconds(30))));
        Assert.That(await before, Is.EqualTo(UnknownKey));
        rig.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(None));
        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(3));
    }

    [Test(Description = "B7: the same with the fetches used up")]
    public async Task VerifyAsync_KeyIsPublishedAfterTheFetchBeganAndNoOtherIsAllowed_JoinerIsToldToWait(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        using var next = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        await rig.Verifier.Keys.FindAsync("made-up", cancellationToken);
        TaskCompletionSource<HttpResponseMessage> answer = HoldKeys(rig);
        string token = next.Sign(rig.Now);
        Task<SpidVerificationReason> before = rig.ReasonAsync(token, cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 3, cancellationToken);

        Task<SpidVerificationResult> after = rig.VerifyAsync(token, cancellationToken);
        answer.SetResult(StubSpid.Json(Forge.KeySet(rig.Forge.Key())));

        Assert.That(((await after).Status, (await after).Reason, (await after).RetryAfter > TimeSpan.Zero), Is.EqualTo((SpidVerificationStatus.Unavailable, NoKeys, true)));
        Assert.That(await before, Is.EqualTo(UnknownKey));
    }

    [Test(Description = "Who joined before the fetch began gets its answer")]
    public async Task VerifyAsync_ManyBringOneTokenOfAnUnknownKey_AllAreToldAfterOneFetch(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        using var forger = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        TaskCompletionSource<HttpResponseMessage> early = HoldKeys(rig);
        rig.Time.Advance(TimeSpan.FromMinutes(17));
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 2, cancellationToken);
        string token = forger.Sign(rig.Now);

        Task<SpidVerificationReason>[] callers = [.. Enumerable.Range(0, 20).Select(_ => rig.ReasonAsync(token, cancellationToken))];
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key()));
        early.SetResult(StubSpid.Json(Forge.KeySet(rig.Forge.Key())));

        Assert.That(await Task.WhenAll(callers), Is.All.EqualTo(UnknownKey));
        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(3));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(20)]
    [Description("Ids that come again and again share one fetch in each interval, and leave one to a rotation at any time")]
    public async Task VerifyAsync_RotationsWhileSomeUnknownIdsKeepComing_NoGoodTokenIsRefused(int strays)
    {
        using var rig = new VerifierRig(Mode.Local);
        using var stray = new Forge();
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
        string[] keyIds = [rig.Forge.KeyId];

        for (int second = 0; second < 600; second++)
        {
            if (second >= 120 && second % 97 == 0)
            {
                keyIds = [keyIds[^1], $"key-{second}"];
                rig.Spid.AnswerKeys(Forge.KeySet([.. keyIds.Select(keyId => rig.Forge.Key(key => key["kid"] = keyId))]));
            }

            Assert.That(await rig.ReasonAsync(rig.Sign(editHeader: header => header["kid"] = keyIds[^1]), CancellationToken.None), Is.EqualTo(None), $"second {second}");
            for (int number = 0; number < strays; number++)
            {
                await rig.VerifyAsync(stray.Sign(rig.Now, editHeader: header => header["kid"] = $"stray-{number}"), CancellationToken.None);
            }

            rig.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(rig.Spid.KeyFetches, Is.LessThanOrEqualTo(1 + 2 + (600 / 30)));
    }

    /// <summary>Stands still, and lets other threads go first whenever it is looked at.</summary>
    private sealed class YieldingTime : FakeTimeProvider
    {
        public override long GetTimestamp()
        {
            Thread.Yield();
            Thread.SpinWait(50);
            return base.GetUtcNow().Ticks;
        }
    }
}
