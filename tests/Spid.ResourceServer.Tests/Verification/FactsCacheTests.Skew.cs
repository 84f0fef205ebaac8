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
