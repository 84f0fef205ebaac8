using System.Net;
using System.Text.Json.Nodes;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>Tokens that their own unverified payload refuses: no key is fetched for them, no fetch is charged, and SPiD is not asked.</summary>
[CancelAfter(60_000)]
internal sealed class UnverifiedCheckTests
{
    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Fault("another issuer", WrongIssuer, (claims, _) => claims["iss"] = "https://idp.example.com");
        yield return Fault("another SPiD", WrongIssuer, (claims, _) => claims["iss"] = "https://identity.schibsted.com/");
        yield return Fault("expired", Expired, (claims, now) => claims["exp"] = now - 30);
        yield return Fault("expired long ago at another issuer", Expired, (claims, now) => (claims["iss"], claims["exp"]) = ("https://idp.example.com", now - 9_000));
        yield return Fault("ID token", NotAnAccessToken, (claims, _) => claims["nonce"] = "n");
        yield return Fault("refresh token", NotAnAccessToken, (claims, _) => claims["class"] = "token.OAuthUserRefreshToken");
        yield return Fault("class that is no text", MalformedClaims, (claims, _) => claims["class"] = 7);
    }

    [TestCaseSource(nameof(Faults))]
    [Description("B5: with a key id that is not published, and a key set at hand")]
    public async Task VerifyAsync_UnknownKeyAndFaultInThePayload_CausesNoFetchAndLeavesThemAll(
        Action<JsonObject, long> edit, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig();
        using var other = new Forge();
        using var next = new Forge();
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);

        for (int number = 0; number < 50; number++)
        {
            string token = other.Sign(rig.Now, claims => edit(claims, rig.Now.ToUnixTimeSeconds()), header => header["kid"] = $"other-{number}");
            Assert.That(await rig.ReasonAsync(token, CancellationToken.None), Is.EqualTo(expected));
        }

        Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((1, 0)));
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), next.Key()));
        Assert.That(await rig.ReasonAsync(next.Sign(rig.Now), CancellationToken.None), Is.EqualTo(None), "a rotation beside them");
    }

    [TestCaseSource(nameof(Faults))]
    [Description("B5: nothing is known of SPiD's keys yet")]
    public async Task VerifyAsync_NoKeySetYetAndFaultInThePayload_CausesNoFetchAndNoCall(Action<JsonObject, long> edit, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig();
        rig.AnswerActive();

        Assert.That(await rig.ReasonAsync(rig.Sign(claims => edit(claims, rig.Now.ToUnixTimeSeconds())), CancellationToken.None), Is.EqualTo(expected));
        Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((0, 0)));
    }

    [TestCaseSource(nameof(Faults))]
    [Description("B5: where SPiD is asked about each token")]
    public async Task VerifyAsync_RemoteAndFaultInThePayload_CausesNoCall(Action<JsonObject, long> edit, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive();

        Assert.That(await rig.ReasonAsync(rig.Sign(claims => edit(claims, rig.Now.ToUnixTimeSeconds())), CancellationToken.None), Is.EqualTo(expected));
        Assert.That(rig.Spid.Introspections, Is.Zero);
    }

    [TestCaseSource(nameof(Faults))]
    [Description("B5: where SPiD confirms each signature")]
    public async Task VerifyAsync_ConfirmRemotelyAndFaultInThePayload_CausesNoCall(Action<JsonObject, long> edit, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig(options => options.ConfirmRemotely = TimeSpan.FromMinutes(1));
        rig.AnswerActive();
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);

        Assert.That(await rig.ReasonAsync(rig.Sign(claims => edit(claims, rig.Now.ToUnixTimeSeconds())), CancellationToken.None), Is.EqualTo(expected));
        Assert.That((rig.Spid.KeyFetches, rig.Spid.Introspections), Is.EqualTo((1, 1)));
    }

    [Test(Description = "B5: the status is that of the fault, whichever way the token would have gone")]
    public async Task VerifyAsync_AnotherIssuer_IsForbiddenAndNotUnavailable([Values] SpidVerificationMode mode)
    {
        using var rig = new VerifierRig(options => options.Mode = mode);
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        using var other = new Forge();

        SpidVerificationResult result = await rig.VerifyAsync(other.Sign(rig.Now, claims => claims["iss"] = "https://idp.example.com"), CancellationToken.None);

        Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Forbidden, WrongIssuer)));
    }

    [TestCase("iss", WrongIssuer)]
    [TestCase("exp", NoExpiry)]
    [Description("B5: a signature alone never lets such a token in, so no key is fetched for it")]
    public async Task VerifyAsync_ClaimThatASignatureNeedsIsMissing_CausesNoFetch(string claim, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig();
        using var other = new Forge();
        using var local = new VerifierRig(Mode.Local);
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);

        Assert.That(await rig.ReasonAsync(other.Sign(rig.Now, claims => claims.Remove(claim)), CancellationToken.None), Is.EqualTo(expected), "a key set is at hand");
        Assert.That(await local.ReasonAsync(other.Sign(rig.Now, claims => claims.Remove(claim)), CancellationToken.None), Is.EqualTo(expected), "introspection cannot decide");
        Assert.That((rig.Spid.KeyFetches, local.Spid.KeyFetches), Is.EqualTo((1, 0)));
    }

    [TestCase("iss")]
    [TestCase("exp")]
    [Description("SPiD's answer may state what the token leaves out")]
    public async Task VerifyAsync_ClaimIsMissingAndSpidIsAsked_ItsAnswerCounts(string claim)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive();

        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims.Remove(claim)), CancellationToken.None), Is.EqualTo(None));
    }

    [TestCase(-29, None)]
    [TestCase(-30, Expired)]
    [Description("The free check and the verdict know one clock skew")]
    public async Task VerifyAsync_ExpiryAtTheEdgeOfTheSkew_IsThatOfTheVerdict(int seconds, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive(answer => answer["exp"] = rig.Now.ToUnixTimeSeconds() + seconds);

        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["exp"] = rig.Now.ToUnixTimeSeconds() + seconds), CancellationToken.None), Is.EqualTo(expected));
        Assert.That(rig.Spid.Introspections, Is.EqualTo(expected == None ? 1 : 0));
    }

    [Test(Description = "B34: the issuer that was expected, and the one that was found")]
    public async Task VerifyAsync_AnotherIssuer_LogNamesBoth([Values(SpidVerificationMode.Local, SpidVerificationMode.Remote)] SpidVerificationMode mode)
    {
        using var rig = new VerifierRig(options => options.Mode = mode);

        await rig.VerifyAsync(rig.Sign(claims => claims["iss"] = "https://idp.example.com"), CancellationToken.None);

        Assert.That(rig.Logger.LatestRecord.Message, Does.Contain(Forge.Issuer).And.Contain("https://idp.example.com"));
    }

    [Test(Description = "What an unverified payload says lets nobody in")]
    public async Task VerifyAsync_PayloadWithoutAFault_IsNotAcceptedForThat()
    {
        using var rig = new VerifierRig(Mode.Local);
        using var other = new Forge();
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);

        Assert.That(await rig.ReasonAsync(other.Sign(rig.Now), CancellationToken.None), Is.EqualTo(UnknownKey));
        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(2));
    }

    private static TestCaseData Fault(string name, SpidVerificationReason expected, Action<JsonObject, long> edit) => new TestCaseData(edit, expected).SetArgDisplayNames(name);
}
