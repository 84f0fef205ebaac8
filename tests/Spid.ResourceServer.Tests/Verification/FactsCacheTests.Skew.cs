using System.Net;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <content>The last second of a token, and the clock skew after it, in which no entry could live on.</content>
internal sealed partial class FactsCacheTests
{
    private static readonly Action<SpidVerifierOptions>[] Asking =
    [
        Mode.Remote,
        options => options.ConfirmRemotely = TimeSpan.FromMinutes(1),
        options => (options.Mode, options.Cache.StaleIfError) = (SpidVerificationMode.Remote, TimeSpan.FromMinutes(5)),
    ];

    [Test]
    [Description("B31: 300 requests in five seconds with a token that is accepted within the clock skew")]
    public async Task VerifyAsync_WithinTheSkew_OneCallInASecond([ValueSource(nameof(Asking))] Action<SpidVerifierOptions> asking)
    {
        using var rig = new VerifierRig(asking);
        rig.AnswerActive(answer => answer["exp"] = rig.Now.ToUnixTimeSeconds() - 5);
        string token = rig.Sign(claims => claims["exp"] = rig.Now.ToUnixTimeSeconds() - 5);

        for (int request = 0; request < 300; request++)
        {
            Assert.That(await rig.ReasonAsync(token, CancellationToken.None), Is.EqualTo(None));
            rig.Time.Advance(TimeSpan.FromMilliseconds(5_000d / 300));
        }

        await Wait.UntilAsync(() => rig.Verifier.Searches == 0, CancellationToken.None);
        Assert.That(rig.Spid.Introspections, Is.InRange(4, 6));
    }

    [Test]
    [Description("B31: the last three seconds before the expiry and the first three after it")]
    public async Task VerifyAsync_AroundTheExpiry_OneCallInASecond([ValueSource(nameof(Asking))] Action<SpidVerifierOptions> asking)
    {
        using var rig = new VerifierRig(asking);
        rig.AnswerActive(answer => answer["exp"] = rig.Now.ToUnixTimeSeconds() + 3);
        string token = rig.Sign(claims => claims["exp"] = rig.Now.ToUnixTimeSeconds() + 3);

        for (int request = 0; request < 600; request++)
        {
            Assert.That(await rig.ReasonAsync(token, CancellationToken.None), Is.EqualTo(None));
            await Wait.UntilAsync(() => rig.Verifier.Searches == 0, CancellationToken.None);
            rig.Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.That(rig.Spid.Introspections, Is.LessThanOrEqualTo(7));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Description("B31: SPiD fails for the token while it is accepted within the clock skew, with and without answers for others in between")]
    public async Task VerifyAsync_SpidFailsWithinTheSkew_OneCallInASecond(bool answersForOthers)
    {
        using var rig = new VerifierRig(Mode.Remote);
        string token = rig.Sign(claims => claims["exp"] = rig.Now.ToUnixTimeSeconds() - 5);
        HttpResponseMessage Answer(string body) => !body.Contains(token, StringComparison.Ordinal)
            ? StubSpid.Json("""{"active":false}""")
            : StubSpid.Status(HttpStatusCode.InternalServerError);
        rig.Spid.Introspect = (body, _) => Task.FromResult(Answer(body));
        int calls = 0;

        for (int request = 0; request < 300; request++)
        {
            int before = rig.Spid.Introspections;
            SpidVerificationResult result = await rig.VerifyAsync(token, CancellationToken.None);
            calls += rig.Spid.Introspections - before;
            Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, IntrospectionFailed)));
            if (answersForOthers)
            {
                await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
            }

            rig.Time.Advance(TimeSpan.FromMilliseconds(5_000d / 300));
        }

        Assert.That(calls, Is.InRange(4, 6));
    }

    [Test(Description = "B31: an opaque token, whose expiry was known from an answer")]
    public async Task VerifyAsync_SpidFailsForAnOpaqueTokenWithinTheSkew_OneCallInASecond()
    {
        using var rig = new VerifierRig(options => options.IntrospectOpaqueTokens = true);
        rig.AnswerActive(answer => answer["exp"] = rig.Now.ToUnixTimeSeconds() + 10);
        await rig.VerifyAsync("opaque", CancellationToken.None);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        rig.Time.Advance(TimeSpan.FromSeconds(10));

        for (int request = 0; request < 8; request++)
        {
            Assert.That(await rig.ReasonAsync("opaque", CancellationToken.None), Is.EqualTo(IntrospectionFailed));
        }

        Assert.That(rig.Spid.Introspections, Is.EqualTo(2));
    }

    [Test(Description = "B31: the failure is remembered for a second and no longer")]
    public async Task VerifyAsync_SpidAnswersAgainWithinTheSkew_TokenIsAcceptedAfterASecond()
    {
        using var rig = new VerifierRig(Mode.Remote);
        string token = rig.Sign(claims => claims["exp"] = rig.Now.ToUnixTimeSeconds() - 5);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        await rig.VerifyAsync(token, CancellationToken.None);
        rig.AnswerActive(answer => answer["exp"] = rig.Now.ToUnixTimeSeconds() - 5);

        SpidVerificationResult remembered = await rig.VerifyAsync(token, CancellationToken.None);
        rig.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((remembered.Reason, remembered.RetryAfter), Is.EqualTo((IntrospectionFailed, TimeSpan.FromSeconds(1))));
        Assert.That(await rig.ReasonAsync(token, CancellationToken.None), Is.EqualTo(None));
    }

    [Test(Description = "B31: the second of grace ends with the skew")]
    public async Task VerifyAsync_LastMomentOfTheSkew_IsNotServedBeyondIt()
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive(answer => answer["exp"] = rig.Now.ToUnixTimeSeconds() - 29);
        string token = rig.Sign(claims => claims["exp"] = rig.Now.ToUnixTimeSeconds() - 29);

        SpidVerificationReason first = await rig.ReasonAsync(token, CancellationToken.None);
        rig.Time.Advance(TimeSpan.FromMilliseconds(999));
        SpidVerificationReason last = await rig.ReasonAsync(token, CancellationToken.None);
        rig.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That((first, last, await rig.ReasonAsync(token, CancellationToken.None)), Is.EqualTo((None, None, Expired)));
    }

    [Test(Description = "Without a clock skew there is no such time")]
    public async Task VerifyAsync_NoSkew_ExpiredTokenIsNotServed()
    {
        using var rig = new VerifierRig(options => (options.Mode, options.ClockSkew) = (SpidVerificationMode.Remote, TimeSpan.Zero));
        rig.AnswerActive(answer => answer["exp"] = rig.Now.ToUnixTimeSeconds() + 1);
        string token = rig.Sign(claims => claims["exp"] = rig.Now.ToUnixTimeSeconds() + 1);

        SpidVerificationReason first = await rig.ReasonAsync(token, CancellationToken.None);
        rig.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((first, await rig.ReasonAsync(token, CancellationToken.None)), Is.EqualTo((None, Expired)));
    }
}
