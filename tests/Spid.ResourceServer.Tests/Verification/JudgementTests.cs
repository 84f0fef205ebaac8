using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>What speaks against a token that is real and alive, whether a signature or SPiD vouches for it.</summary>
[CancelAfter(60_000)]
internal sealed class JudgementTests
{
    [Test]
    [Description("Edge case 50: the slash of the issuer, in the token and in the options")]
    public async Task VerifyAsync_IssuerWithAndWithoutSlash_IsTheSame(
        [Values("", "/")] string stated, [Values("", "/")] string configured, [Values(SpidVerificationMode.Local, SpidVerificationMode.Remote)] SpidVerificationMode mode)
    {
        using VerifierRig rig = Create(mode, options => options.Issuers.Add(Forge.Issuer + configured));

        Assert.That(await ReasonAsync(rig, claims => claims["iss"] = Forge.Issuer + stated), Is.EqualTo(None));
        Assert.That(await ReasonAsync(rig, claims => claims["iss"] = Forge.Issuer + stated + "//"), Is.EqualTo(WrongIssuer));
    }

    [Test(Description = "Edge case 50: two slashes are another issuer, whichever side has them")]
    public async Task VerifyAsync_ConfiguredIssuerWithTwoSlashes_OneIsIgnored()
    {
        using VerifierRig rig = Create(SpidVerificationMode.Local, options => options.Issuers.Add(Forge.Issuer + "//"));

        Assert.That(await ReasonAsync(rig, claims => claims["iss"] = Forge.Issuer), Is.EqualTo(WrongIssuer));
        Assert.That(await ReasonAsync(rig, claims => claims["iss"] = Forge.Issuer + "//"), Is.EqualTo(None));
    }

    [TestCase(true, None)]
    [TestCase(false, ProofMissing)]
    [TestCase(null, ProofMissing)]
    [Description("Edge case 53: x5t#S256 in an introspection answer")]
    public async Task VerifyAsync_AnswerBoundToACertificate_NeedsItOnHitAndMiss(bool? isRight, SpidVerificationReason expected)
    {
        using X509Certificate2 right = CallerCertificate.Create();
        using X509Certificate2 wrong = CallerCertificate.Create();
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive(answer => answer["cnf"] = CallerCertificate.Confirmation(right));
        string token = rig.Sign();
        X509Certificate2? sent = isRight switch { true => right, false => wrong, null => null };

        SpidVerificationReason miss = await rig.ReasonAsync(token, sent);
        SpidVerificationReason hit = await rig.ReasonAsync(token, sent);

        Assert.That((miss, hit), Is.EqualTo((expected, expected)));
        Assert.That(rig.Spid.Introspections, Is.EqualTo(1));
    }

    [TestCase(SpidVerificationMode.Local)]
    [TestCase(SpidVerificationMode.Remote)]
    [Description("V44: the audience is a client id, one text")]
    public async Task VerifyAsync_AudienceIsTheClientId_IsAcceptedWhereThatIsConfigured(SpidVerificationMode mode)
    {
        using VerifierRig configured = Create(mode, options => options.Audiences[0] = Forge.ClientId);
        using VerifierRig usual = Create(mode, _ => { });

        Assert.That(await ReasonAsync(configured, claims => claims["aud"] = Forge.ClientId), Is.EqualTo(None));
        Assert.That(await ReasonAsync(usual, claims => claims["aud"] = Forge.ClientId), Is.EqualTo(WrongAudience));
    }

    [Test]
    [Description("B10: a clock that is late by more than the skew refuses nobody for the time of issue; RFC 7519 section 4.1.6 makes it no condition")]
    public async Task VerifyAsync_IssuedAhead_IsAcceptedOnHitAndMiss(
        [Values(31, 45, 120, 86_400)] int seconds, [Values(SpidVerificationMode.Local, SpidVerificationMode.Remote)] SpidVerificationMode mode)
    {
        using VerifierRig rig = Create(mode, _ => { });
        Action<JsonObject> edit = claims => (claims["iat"], claims["exp"]) = (rig.Now.ToUnixTimeSeconds() + seconds, rig.Now.ToUnixTimeSeconds() + seconds + 900);
        rig.AnswerActive(edit);
        string token = rig.Sign(edit);

        SpidVerificationResult miss = await rig.VerifyAsync(token, CancellationToken.None);
        SpidVerificationResult hit = await rig.VerifyAsync(token, CancellationToken.None);

        Assert.That((miss.Reason, hit.Reason, hit.Token.Source), Is.EqualTo((None, None, SpidTokenSource.Cached)));
        Assert.That(hit.Token.IssuedAt, Is.EqualTo(rig.Now.AddSeconds(seconds)), "it informs");
    }

    [Test(Description = "V35, B5: not even a key is fetched for it")]
    public async Task VerifyAsync_ExpiredHundredSecondsAgo_IsRejectedWithoutAFetchOrACall(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        rig.AnswerActive();

        SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(claims => claims["exp"] = rig.Now.ToUnixTimeSeconds() - 100), cancellationToken);

        Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Rejected, Expired)));
        Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((0, 0)));
    }

    private static VerifierRig Create(SpidVerificationMode mode, Action<SpidVerifierOptions> configure) => new(options =>
    {
        options.Mode = mode;
        configure(options);
    });

    /// <summary>Lets token and introspection answer say the same.</summary>
    private static Task<SpidVerificationReason> ReasonAsync(VerifierRig rig, Action<JsonObject> edit)
    {
        rig.AnswerActive(edit);
        return rig.ReasonAsync(rig.Sign(edit), CancellationToken.None);
    }
}
