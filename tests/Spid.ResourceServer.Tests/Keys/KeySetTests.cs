using System.Net;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Keys;

/// <summary>When keys are fetched, and what happens when they cannot be.</summary>
[CancelAfter(60_000)]
internal sealed partial class KeySetTests
{
    [Test(Description = "Edge case 62, V38, R14: rotation without a single refusal")]
    public async Task VerifyAsync_NewKey_FirstTokenIsAcceptedAfterOneFetch(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        using var next = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), next.Key()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await rig.ReasonAsync(next.Sign(rig.Now), cancellationToken), Is.EqualTo(None));
            Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
            Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((2, 0)));
        }
    }

    [Test(Description = "Edge case 73: an id is called unknown by a fetch that started after it was seen; without such a fetch the key may be published")]
    public async Task VerifyAsync_HundredUnknownKeysInOneWindow_FewFetchesAndGoodTokensUnaffected(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        using var forger = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);

        for (int number = 0; number < 100; number++)
        {
            string forged = forger.Sign(rig.Now, editHeader: header => header["kid"] = $"made-up-{number}");
            Assert.That(await rig.ReasonAsync(forged, cancellationToken), Is.EqualTo(number < 2 ? UnknownKey : NoKeys));
            Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
        }

        Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((1 + 2, 0)));
    }

    [Test(Description = "It uses up none of the fetches that a rotation needs")]
    public async Task VerifyAsync_OneUnknownKeyAgainAndAgain_IsFetchedForOnceInAnInterval(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        using var forger = new Forge();
        using var next = new Forge();
        Assert.That(await rig.ReasonAsync(forger.Sign(rig.Now), cancellationToken), Is.EqualTo(UnknownKey));

        for (int second = 0; second < 30; second++)
        {
            SpidVerificationResult again = await rig.VerifyAsync(forger.Sign(rig.Now), cancellationToken);
            Assert.That((again.Reason, again.RetryAfter), Is.EqualTo((NoKeys, TimeSpan.FromSeconds(30 - second))));
            rig.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(1));
        Assert.That(await rig.ReasonAsync(forger.Sign(rig.Now), cancellationToken), Is.EqualTo(UnknownKey));
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), next.Key()));
        Assert.That(await rig.ReasonAsync(next.Sign(rig.Now), cancellationToken), Is.EqualTo(None));
        Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((3, 0)));
    }

    [Test(Description = "B8: 503 with the wait for tokens of a key id that somebody sent before it was published, never 401")]
    public async Task VerifyAsync_KeyIdWasAskedForBeforeItWasPublished_IsUnavailableAndNotUnknown(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        using var next = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        Assert.That(await rig.ReasonAsync(next.Sign(rig.Now), cancellationToken), Is.EqualTo(UnknownKey));

        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), next.Key()));
        SpidVerificationResult waiting = await rig.VerifyAsync(next.Sign(rig.Now), cancellationToken);
        rig.Time.Advance(waiting.RetryAfter!.Value);

        Assert.That((waiting.Status, waiting.RetryAfter), Is.EqualTo((SpidVerificationStatus.Unavailable, TimeSpan.FromSeconds(30))));
        Assert.That(await rig.ReasonAsync(next.Sign(rig.Now), cancellationToken), Is.EqualTo(None));
    }

    [Test(Description = "B9: 300 made-up ids")]
    public async Task VerifyAsync_KeySetFailsWhileOneIsAtHand_UnknownKeysAreNotIntrospected(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        using var forger = new Forge();
        rig.AnswerActive();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));

        for (int number = 0; number < 300; number++)
        {
            string forged = forger.Sign(rig.Now, editHeader: header => header["kid"] = $"made-up-{number}");
            SpidVerificationResult result = await rig.VerifyAsync(forged, cancellationToken);
            Assert.That((result.Reason, result.RetryAfter > TimeSpan.Zero), Is.EqualTo((NoKeys, true)));
        }

        Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((2, 0)));
        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
    }

    [TestCase("good")]
    [TestCase("empty")]
    [TestCase("failing")]
    [Description("S11: 100 000 random key ids in 60 seconds")]
    public async Task FindAsync_AHundredThousandRandomKeyIds_FewFetches(string server)
    {
        using var rig = new VerifierRig();
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
        rig.Spid.Keys = server switch
        {
            "good" => rig.Spid.Keys,
            "empty" => _ => Task.FromResult(StubSpid.Json("""{"keys":[]}""")),
            _ => _ => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError)),
        };
        int before = rig.Spid.KeyFetches;

        for (int number = 0; number < 100_000; number++)
        {
            KeyLookup lookup = await rig.Verifier.Keys.FindAsync($"random-{number}", CancellationToken.None);
            Assert.That(lookup.Key, Is.Null);
            if (number % 100 == 99)
            {
                rig.Time.Advance(TimeSpan.FromMilliseconds(60));
            }
        }

        int fetches = rig.Spid.KeyFetches - before;
        TestContext.Out.WriteLine($"{server}: {fetches} fetches for 100 000 key ids in 60 s");
        Assert.That(fetches, Is.LessThanOrEqualTo(3));
        Assert.That((await rig.Verifier.Keys.FindAsync(rig.Forge.KeyId, CancellationToken.None)).Key, Is.Not.Null);
    }

    [Test(Description = "Edge case 74: forged signatures do not use up the refresh that a rotation needs")]
    public async Task VerifyAsync_ForgedSignaturesThenRotation_FirstNewTokenIsAccepted(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        using var forger = new Forge { KeyId = rig.Forge.KeyId };
        using var next = new Forge();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        for (int number = 0; number < 100; number++)
        {
            await rig.VerifyAsync(forger.Sign(rig.Now), cancellationToken);
        }

        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), next.Key()));

        Assert.That(await rig.ReasonAsync(next.Sign(rig.Now), cancellationToken), Is.EqualTo(None));
    }

    [Test(Description = "R14, V39 warm: a day without the key set")]
    public async Task VerifyAsync_KeySetDownForADay_KnownKeyGoesOnAndIsDroppedThen(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));

        for (int hour = 0; hour < 23; hour++)
        {
            rig.Time.Advance(TimeSpan.FromHours(1));
            Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None), $"hour {hour}");
        }

        await Wait.UntilAsync(() => rig.Verifier.Keys.Status == KeySetStatus.Stale, cancellationToken);
        rig.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None), "the last moment of the day");
        rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(NoKeys));
        Assert.That(rig.Verifier.Keys.Status, Is.EqualTo(KeySetStatus.Missing));
    }

    [Test]
    public async Task FindAsync_SetIsOld_IsFetchedAnewInTheBackground(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        rig.Time.Advance(TimeSpan.FromMinutes(13));
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(1));

        rig.Time.Advance(TimeSpan.FromMinutes(4));
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        rig.Spid.Keys = _ => answer.Task;
        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None), "nobody waits");
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 2, cancellationToken);
        answer.SetResult(StubSpid.Json(Forge.KeySet(rig.Forge.Key())));
        await Wait.UntilAsync(() => rig.Verifier.Keys.Age == TimeSpan.Zero, cancellationToken);
    }

    [Test(Description = "No convoy: callers that meet a failing server share one attempt")]
    public async Task FindAsync_TenCallersAndAServerThatIsDown_OneAttempt(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Spid.Keys = _ => answer.Task;
        Task<SpidVerificationReason>[] callers = [.. Enumerable.Range(0, 10).Select(_ => rig.ReasonAsync(rig.Sign(), cancellationToken))];

        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 1, cancellationToken);
        answer.SetResult(StubSpid.Status(HttpStatusCode.InternalServerError));

        Assert.That(await Task.WhenAll(callers), Is.All.EqualTo(NoKeys));
        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(NoKeys));
        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(1), "the pause after a failure holds for all");
    }

    [TestCase("30", 30)]
    [TestCase("31536000", 60, Description = "a year")]
    [TestCase("99999999999", 60, Description = "more than 32 bits")]
    [TestCase("Thu, 01 Jan 2026 00:00:30 GMT", 30, Description = "half a minute by the local clock")]
    [TestCase("Fri, 31 Dec 9999 23:59:59 GMT", 60)]
    public async Task FindAsync_ServerAsksForAPause_IsLeftAloneThatLongButAMinuteAtMost(string retryAfter, int seconds)
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.Keys = _ =>
        {
            HttpResponseMessage response = StubSpid.Status(HttpStatusCode.ServiceUnavailable);
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
            return Task.FromResult(response);
        };

        SpidVerificationResult first = await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
        rig.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
        Assert.That((first.RetryAfter, rig.Spid.KeyFetches), Is.EqualTo((TimeSpan.FromSeconds(seconds), 1)));

        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(2));
    }

    [Test]
    public async Task FindAsync_RefreshFailsForTenMinutes_AttemptsGrowRarer(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        await rig.VerifyAsync(rig.Sign(), cancellationToken);
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        rig.Time.Advance(TimeSpan.FromMinutes(20));

        for (int second = 0; second < 600; second++)
        {
            await rig.VerifyAsync(rig.Sign(), cancellationToken);

            // The refresh runs in the background, and time must not pass before it has begun.
            await Wait.UntilAsync(() => rig.Spid.KeyFetches == rig.Verifier.Keys.Started, cancellationToken);
            rig.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(rig.Spid.KeyFetches - 1, Is.InRange(10, 32));
    }

    [Test(Description = "Edge case 72: answers that are no key set, cold")]
    public async Task FindAsync_UnusableAnswerCold_IsUnavailable()
    {
        string huge = Forge.KeySet() + new string(' ', 256 * 1024);
        foreach (HttpResponseMessage response in Unusable(huge))
        {
            using var rig = new VerifierRig(Mode.Local);
            rig.Spid.Keys = _ => Task.FromResult(response);

            Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(NoKeys), response.ToString());
        }
    }

    [Test(Description = "Edge case 72: the same, warm")]
    public async Task FindAsync_UnusableAnswerWarm_LastGoodSetStays()
    {
        string huge = Forge.KeySet() + new string(' ', 256 * 1024);
        foreach (HttpResponseMessage response in Unusable(huge))
        {
            using var rig = new VerifierRig(Mode.Local);
            await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
            rig.Spid.Keys = _ => Task.FromResult(response);
            rig.Time.Advance(TimeSpan.FromHours(1));
            await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
            await Wait.UntilAsync(() => rig.Verifier.Keys.Status == KeySetStatus.Stale, CancellationToken.None);

            Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(None), response.ToString());
        }
    }

    [Test(Description = "Edge case 72: slow")]
    public async Task FindAsync_NoAnswerInTime_IsUnavailableAfterThreeSeconds(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.Keys = StubSpid.NeverAsync;

        Task<SpidVerificationReason> verification = rig.ReasonAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 1, cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.That(await verification, Is.EqualTo(NoKeys));
    }

    [Test]
    public async Task VerifyAsync_SetFetchedAnewWithTheSameKey_RememberedTokenStays(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => options.Cache.MaximumAge = TimeSpan.FromHours(1));
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);
        await rig.Verifier.Keys.WarmUpAsync(cancellationToken);

        Assert.That((await rig.VerifyAsync(token, cancellationToken)).Token.Source, Is.EqualTo(SpidTokenSource.Cached));
        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(2));
    }

    private static HttpResponseMessage[] Unusable(string huge) =>
    [
        StubSpid.Status(HttpStatusCode.InternalServerError),
        StubSpid.Json("""{"keys":[]}"""),
        StubSpid.Json("""{"keys":{}}"""),
        StubSpid.Json("[]"),
        StubSpid.Text("<html></html>", "text/html"),
        StubSpid.Json(huge),
        new(HttpStatusCode.Redirect) { Headers = { Location = new Uri("https://elsewhere.example.com/") }, Content = new ByteArrayContent([]) },
    ];
}
