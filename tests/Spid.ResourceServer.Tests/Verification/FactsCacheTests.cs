using System.Net;
using System.Security.Claims;
using Microsoft.Extensions.Logging;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>What is remembered of tokens, for how long, and who shares it.</summary>
[CancelAfter(300_000)]
internal sealed partial class FactsCacheTests
{
    [Test(Description = "Edge case 76")]
    public async Task VerifyAsync_FiftyAtOnceWithOneToken_OneCall(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive();
        string token = rig.Sign();

        SpidVerificationResult[] results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => rig.VerifyAsync(token, cancellationToken), cancellationToken)));

        Assert.That(results.Select(result => result.Status), Is.All.EqualTo(SpidVerificationStatus.Accepted));
        Assert.That(rig.Spid.Introspections, Is.EqualTo(1));
    }

    [Test(Description = "Edge case 76, for callers that come while the search ends")]
    public async Task VerifyAsync_SomeComeAsTheSearchEnds_OneCallForEachToken(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options =>
        {
            options.Mode = SpidVerificationMode.Remote;
            options.IntrospectOpaqueTokens = true;
        });
        rig.AnswerActive();
        const int tokens = 2_000;

        for (int round = 0; round < tokens; round++)
        {
            string token = $"opaque-{round}";
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => rig.VerifyAsync(token, cancellationToken), cancellationToken)));
        }

        Assert.That(rig.Spid.Introspections, Is.EqualTo(tokens));
    }

    [Test(Description = "Edge case 77")]
    public async Task VerifyAsync_LeaderGivesUp_FollowersSucceed(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        TaskCompletionSource<HttpResponseMessage> answer = Hold(rig);
        string token = rig.Sign();
        using var impatience = new CancellationTokenSource();
        Task<SpidVerificationResult> leader = rig.VerifyAsync(token, impatience.Token);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 1, cancellationToken);
        Task<SpidVerificationResult> follower = rig.VerifyAsync(token, cancellationToken);

        await impatience.CancelAsync();
        await Assert.ThatAsync(() => leader, Throws.InstanceOf<OperationCanceledException>());
        Release(rig, answer);

        Assert.That((await follower).Status, Is.EqualTo(SpidVerificationStatus.Accepted));
        Assert.That(rig.Spid.Introspections, Is.EqualTo(1));
    }

    [Test(Description = "Edge case 78")]
    public async Task VerifyAsync_SearchFails_LateJoinerTriesItselfAndNothingIsStored(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        TaskCompletionSource<HttpResponseMessage> answer = Hold(rig);
        string token = rig.Sign();
        Task<SpidVerificationResult> leader = rig.VerifyAsync(token, cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 1, cancellationToken);
        Task<SpidVerificationResult> early = rig.VerifyAsync(token, cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        Task<SpidVerificationResult> late = rig.VerifyAsync(token, cancellationToken);

        rig.AnswerActive();
        answer.SetResult(StubSpid.Status(HttpStatusCode.InternalServerError));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await leader).Reason, Is.EqualTo(IntrospectionFailed));
            Assert.That((await early).Reason, Is.EqualTo(IntrospectionFailed));
            Assert.That((await late).Reason, Is.EqualTo(None));
            Assert.That(rig.Spid.Introspections, Is.EqualTo(2));
        }
    }

    [Test(Description = "Edge case 82")]
    public async Task VerifyAsync_HitAndMiss_HaveEqualClaims(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        string token = rig.Sign(claims => (claims["admin"], claims["level"], claims["ratio"], claims["address"]) = (true, 7, 0.5, new System.Text.Json.Nodes.JsonObject { ["street"] = "x" }));

        (string, string, string, string)[] miss = Describe(await rig.VerifyAsync(token, cancellationToken));
        (string, string, string, string)[] hit = Describe(await rig.VerifyAsync(token, cancellationToken));

        Assert.That(hit, Is.EqualTo(miss));
        Assert.That(miss, Does.Contain(("admin", "true", ClaimValueTypes.Boolean, Forge.Issuer + "/"))
            .And.Contain(("level", "7", ClaimValueTypes.Integer64, Forge.Issuer + "/"))
            .And.Contain(("ratio", "0.5", ClaimValueTypes.Double, Forge.Issuer + "/"))
            .And.Contain(("address", """{"street":"x"}""", "JSON", Forge.Issuer + "/"))
            .And.Contain(("scope", "read:messages", ClaimValueTypes.String, Forge.Issuer + "/"))
            .And.Contain(("scope", "write:messages", ClaimValueTypes.String, Forge.Issuer + "/")));
    }

    [TestCase(SpidVerificationMode.Local)]
    [TestCase(SpidVerificationMode.Remote)]
    [Description("Edge case 83, S13: hit and miss agree in every second around the expiry")]
    public async Task VerifyAsync_EverySecondAroundTheExpiry_HitAndMissAgree(SpidVerificationMode mode)
    {
        using var remembering = new VerifierRig(options => Configure(options, TimeSpan.FromHours(1)), Forge.CreateUsual());
        using var forgetting = new VerifierRig(options => Configure(options, TimeSpan.Zero), remembering.Forge);
        string token = remembering.Sign(claims => claims["exp"] = remembering.Now.ToUnixTimeSeconds() + 10);
        remembering.AnswerActive(answer => answer["exp"] = remembering.Now.ToUnixTimeSeconds() + 10);
        forgetting.AnswerActive(answer => answer["exp"] = forgetting.Now.ToUnixTimeSeconds() + 10);

        for (int second = 0; second < 45; second++)
        {
            SpidVerificationReason hit = await remembering.ReasonAsync(token, CancellationToken.None);
            SpidVerificationReason miss = await forgetting.ReasonAsync(token, CancellationToken.None);
            Assert.That(hit, Is.EqualTo(miss), $"second {second}");
            Assert.That(miss, Is.EqualTo(second < 40 ? None : Expired), $"second {second}");
            remembering.Time.Advance(TimeSpan.FromSeconds(1));
            forgetting.Time.Advance(TimeSpan.FromSeconds(1));
        }

        void Configure(SpidVerifierOptions options, TimeSpan age)
        {
            options.Mode = mode;
            options.Cache.MaximumAge = age;
            options.Cache.NegativeMaximumAge = age > TimeSpan.Zero ? TimeSpan.FromSeconds(10) : TimeSpan.Zero;
        }
    }

    [Test(Description = "Edge case 83: an entry never outlives the token")]
    public async Task VerifyAsync_TokenExpired_IsNeverServedFromTheCache(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive(answer => answer["exp"] = rig.Now.ToUnixTimeSeconds() + 20);
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);

        rig.Time.Advance(TimeSpan.FromSeconds(20));
        SpidVerificationResult result = await rig.VerifyAsync(token, cancellationToken);

        Assert.That(result.Token.Source, Is.EqualTo(SpidTokenSource.Introspected), "within the clock skew it is good, but not from the cache");
    }

    [Test(Description = "Edge case 84")]
    public async Task VerifyAsync_ClockGoesBack_NothingLivesLonger(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.Cache.RefreshAhead) = (SpidVerificationMode.Remote, false));
        rig.AnswerActive(answer => answer.Remove("iat"));
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);

        rig.Time.WallClockError = TimeSpan.FromHours(-1);
        rig.Time.Advance(TimeSpan.FromSeconds(60));
        await rig.VerifyAsync(token, cancellationToken);

        Assert.That(rig.Spid.Introspections, Is.EqualTo(2));
    }

    [Test(Description = "Edge case 85, S10: a million made-up tokens at the verifier")]
    [NonParallelizable] // It weighs the heap.
    public async Task VerifyAsync_AMillionRandomTokens_HotOneStaysAndTheStoresAreBounded(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        rig.Logger.ControlLevel(LogLevel.Debug, enabled: false);
        string hot = rig.Sign();
        await rig.VerifyAsync(hot, cancellationToken);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        for (int number = 0; number < 1_000_000; number++)
        {
            await rig.Verifier.VerifyAsync($"{number:x8}{number:x8}{number:x8}".AsMemory(), cancellationToken);
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((await rig.VerifyAsync(hot, cancellationToken)).Token.Source, Is.EqualTo(SpidTokenSource.Cached));
            Assert.That(rig.Verifier.Cache.FactsCount + rig.Verifier.Cache.RefusalCount, Is.LessThanOrEqualTo(10_000));
            Assert.That(grown, Is.LessThan(32 * 1024 * 1024));
            Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((1, 0)));
        }
    }

    [Test(Description = "Edge case 85: introspected ones")]
    public async Task VerifyAsync_TenThousandInactiveTokens_HotOneStaysAndRefusalsAreFew(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive();
        string hot = rig.Sign();
        await rig.VerifyAsync(hot, cancellationToken);
        rig.Spid.AnswerIntrospection("""{"active":false}""");
        string start = $"{Forge.Encode("""{"alg":"RS256","kid":"k"}""")}.{Forge.Encode("""{"scope":"any"}""")}";

        for (int number = 0; number < 10_000; number++)
        {
            await rig.VerifyAsync($"{start}.{Forge.Encode($"{number:d9}")}", cancellationToken);
        }

        Assert.That((await rig.VerifyAsync(hot, cancellationToken)).Token.Source, Is.EqualTo(SpidTokenSource.Cached));
        Assert.That((rig.Verifier.Cache.FactsCount, rig.Verifier.Cache.RefusalCount), Is.EqualTo((1, 2_000)));
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(rig.Verifier.Cache.RefusalCount, Is.Zero, "back to where it was within a minute");
    }

    [Test]
    public async Task VerifyAsync_InactiveTokenAgain_IsNotAskedAboutForTenSeconds(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        string token = rig.Sign();

        await rig.VerifyAsync(token, cancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(9.9));
        await rig.VerifyAsync(token, cancellationToken);
        Assert.That(rig.Spid.Introspections, Is.EqualTo(1));

        rig.Time.Advance(TimeSpan.FromSeconds(0.1));
        await rig.VerifyAsync(token, cancellationToken);
        Assert.That(rig.Spid.Introspections, Is.EqualTo(2));
    }

    [Test(Description = "Edge case 86")]
    public async Task EvictAsync_WhileTheCallIsUnderWay_NextRequestAsksAnew(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        TaskCompletionSource<HttpResponseMessage> answer = Hold(rig);
        string token = rig.Sign();
        Task<SpidVerificationResult> first = rig.VerifyAsync(token, cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 1, cancellationToken);

        await rig.Verifier.EvictAsync(token.AsMemory(), cancellationToken);
        Release(rig, answer);
        await first;
        rig.Spid.AnswerIntrospection("""{"active":false}""");

        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
    }

    [Test(Description = "Edge case 86: by client")]
    public async Task EvictClientAsync_WhileTheCallIsUnderWay_NextRequestAsksAnew(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        TaskCompletionSource<HttpResponseMessage> answer = Hold(rig);
        string token = rig.Sign();
        Task<SpidVerificationResult> first = rig.VerifyAsync(token, cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 1, cancellationToken);

        await rig.Verifier.EvictClientAsync(Forge.ClientId, cancellationToken);
        Release(rig, answer);
        await first;
        rig.Spid.AnswerIntrospection("""{"active":false}""");

        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
    }

    [Test]
    public async Task EvictClientAsync_OneOfTwoClients_ForgetsItsTokensOnly(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive();
        string mine = rig.Sign();
        await rig.VerifyAsync(mine, cancellationToken);
        rig.AnswerActive(answer => answer["client_id"] = "other");
        string theirs = rig.Sign();
        await rig.VerifyAsync(theirs, cancellationToken);
        rig.Spid.AnswerIntrospection("""{"active":false}""");

        await rig.Verifier.EvictClientAsync("other", cancellationToken);

        Assert.That(await rig.ReasonAsync(mine, cancellationToken), Is.EqualTo(None));
        Assert.That(await rig.ReasonAsync(theirs, cancellationToken), Is.EqualTo(NotActive));
    }

    [Test(Description = "Edge case 87")]
    public async Task VerifyAsync_RefreshAheadFindsItInactive_TokenIsRefusedFromThenOn(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive();
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);
        TaskCompletionSource<HttpResponseMessage> answer = Hold(rig);
        rig.Time.Advance(TimeSpan.FromSeconds(48));

        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(None), "nobody waits for the refresh");
        await Wait.UntilAsync(() => rig.Spid.Introspections == 2, cancellationToken);
        rig.Spid.AnswerIntrospection("""{"active":false}""");
        answer.SetResult(StubSpid.Json("""{"active":false}"""));
        await Wait.UntilAsync(() => rig.Verifier.Cache.FactsCount == 0, cancellationToken);

        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(NotActive));
        Assert.That(rig.Spid.Introspections, Is.EqualTo(2), "many uses set off one refresh, and its answer is remembered");
    }

    [Test]
    public async Task VerifyAsync_UnusedToken_IsNotRefreshed(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);

        rig.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.That(rig.Spid.Introspections, Is.EqualTo(1));
        Assert.That(rig.Verifier.Cache.FactsCount, Is.Zero);
    }

    [Test(Description = "R15: what is cached holds, and then the answer is 503")]
    public async Task VerifyAsync_SpidGoesDown_RememberedTokenIsGoodForItsTimeInTheCache(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive();
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.BadGateway));

        rig.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(None));
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(IntrospectionFailed));
    }

    [Test]
    public async Task VerifyAsync_StaleIfError_ServesOnThroughTheOutageButNotBeyondTheExpiry(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.Cache.StaleIfError) = (SpidVerificationMode.Remote, TimeSpan.FromMinutes(30)));
        rig.AnswerActive(answer => answer["exp"] = rig.Now.ToUnixTimeSeconds() + 600);
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.BadGateway));

        rig.Time.Advance(TimeSpan.FromSeconds(599));
        Assert.That((await rig.VerifyAsync(token, cancellationToken)).Token.Source, Is.EqualTo(SpidTokenSource.Cached));
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await rig.VerifyAsync(token, cancellationToken)).Status, Is.EqualTo(SpidVerificationStatus.Unavailable));
    }

    [Test]
    public async Task VerifyAsync_NoExpiryKnown_IsRememberedForThirtySeconds(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.Cache.RefreshAhead) = (SpidVerificationMode.Remote, false));
        rig.AnswerActive(answer => answer.Remove("exp"));
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);

        rig.Time.Advance(TimeSpan.FromSeconds(29));
        await rig.VerifyAsync(token, cancellationToken);
        Assert.That(rig.Spid.Introspections, Is.EqualTo(1));
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.VerifyAsync(token, cancellationToken);
        Assert.That(rig.Spid.Introspections, Is.EqualTo(2));
    }

    [Test(Description = "Edge case 75")]
    public async Task VerifyAsync_KeyWithdrawn_RememberedTokenIsRefusedAtOnce(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Local);
        using var other = new Forge();
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);
        rig.Spid.AnswerKeys(Forge.KeySet(other.Key()));

        // A token of the new key makes the verifier fetch the new set.
        Assert.That(await rig.ReasonAsync(other.Sign(rig.Now), cancellationToken), Is.EqualTo(None));
        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(UnknownKey));
    }

    [Test]
    public async Task VerifyAsync_CacheSwitchedOff_AsksEachTime(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.Cache.MaximumAge) = (SpidVerificationMode.Remote, TimeSpan.Zero));
        rig.AnswerActive();
        string token = rig.Sign();

        await rig.VerifyAsync(token, cancellationToken);
        await rig.VerifyAsync(token, cancellationToken);

        Assert.That((rig.Spid.Introspections, rig.Verifier.Cache.FactsCount), Is.EqualTo((2, 0)));
    }

    private static TaskCompletionSource<HttpResponseMessage> Hold(VerifierRig rig)
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Spid.Introspect = (_, _) => answer.Task;
        return answer;
    }

    private static void Release(VerifierRig rig, TaskCompletionSource<HttpResponseMessage> answer)
    {
        var body = Forge.Claims(rig.Now);
        body["active"] = true;
        answer.SetResult(StubSpid.Json(body.ToJsonString()));
    }

    private static (string, string, string, string)[] Describe(SpidVerificationResult result)
    {
        var identity = new ClaimsIdentity("test");
        return [.. result.Token.CreateClaims(identity).Select(claim => (claim.Type, claim.Value, claim.ValueType, claim.Issuer))];
    }
}
