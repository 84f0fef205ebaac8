using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>What a JWT says of itself counts against it, although SPiD calls it active and says nothing of the kind.</summary>
[CancelAfter(60_000)]
internal sealed class RemoteFinderTests
{
    private static readonly SpidVerificationMode[] Modes = [SpidVerificationMode.Remote, SpidVerificationMode.Auto];

    private static IEnumerable<TestCaseData> NoAccessTokens()
    {
        (string Name, Action<JsonObject> Edit)[] edits =
        [
            ("A4: class of a refresh token", claims => claims["class"] = "token.OAuthUserRefreshToken"),
            ("B3: type refresh", claims => claims["type"] = "refresh"),
            ("A3: class of an ID token", claims => claims["class"] = "token.IDToken"),
            ("B2: nonce", claims => claims["nonce"] = "n"),
            ("at_hash", claims => claims["at_hash"] = "h"),
            ("neither scope nor client_id", claims => _ = claims.Remove("scope") && claims.Remove("client_id")),
        ];
        return from mode in Modes from edit in edits select new TestCaseData(mode, edit.Edit).SetArgDisplayNames(mode.ToString(), edit.Name);
    }

    [TestCaseSource(nameof(NoAccessTokens))]
    public async Task VerifyAsync_OwnClassIsNoAccessToken_IsRefusedWithoutACall(SpidVerificationMode mode, Action<JsonObject> edit)
    {
        using VerifierRig rig = Create(mode);
        rig.AnswerActive();

        Assert.That(await rig.ReasonAsync(SignSymmetric(rig, edit), CancellationToken.None), Is.EqualTo(NotAnAccessToken));
        Assert.That(rig.Spid.Introspections, Is.Zero);
    }

    [Test]
    public async Task VerifyAsync_OwnClassOrBindingHasAWrongType_IsRefused([ValueSource(nameof(Modes))] SpidVerificationMode mode, [Values("class", "type", "cnf")] string claim)
    {
        using VerifierRig rig = Create(mode);
        rig.AnswerActive();

        Assert.That(await rig.ReasonAsync(SignSymmetric(rig, claims => claims[claim] = 1), CancellationToken.None), Is.EqualTo(MalformedClaims));
    }

    [TestCaseSource(nameof(Modes))]
    public async Task VerifyAsync_PayloadIsNoObject_IsRefused(SpidVerificationMode mode)
    {
        using VerifierRig rig = Create(mode);
        rig.AnswerActive();

        Assert.That(await rig.ReasonAsync(rig.Forge.Sign("""{"alg":"HS256"}""", "[]"), CancellationToken.None), Is.EqualTo(MalformedClaims));
    }

    [TestCaseSource(nameof(Modes))]
    public async Task VerifyAsync_BoundToAKeyByItsOwnWords_IsRefusedOnHitAndMiss(SpidVerificationMode mode)
    {
        using VerifierRig rig = Create(mode);
        rig.AnswerActive();
        string token = SignSymmetric(rig, claims => claims["cnf"] = new JsonObject { ["jkt"] = "thumbprint" });

        SpidVerificationReason miss = await rig.ReasonAsync(token, CancellationToken.None);
        SpidVerificationReason hit = await rig.ReasonAsync(token, CancellationToken.None);

        Assert.That((miss, hit, rig.Spid.Introspections), Is.EqualTo((ProofMissing, ProofMissing, 1)));
    }

    [Test]
    public async Task VerifyAsync_BoundToACertificateByItsOwnWords_NeedsThatCertificate(
        [ValueSource(nameof(Modes))] SpidVerificationMode mode, [Values("nothing", "the same", "another")] string answered)
    {
        using X509Certificate2 certificate = CallerCertificate.Create();
        using X509Certificate2 other = CallerCertificate.Create();
        using VerifierRig rig = Create(mode);
        rig.AnswerActive(answer => answer["cnf"] = answered switch { "nothing" => null, "the same" => CallerCertificate.Confirmation(certificate), _ => CallerCertificate.Confirmation(other) });
        string token = SignSymmetric(rig, claims => claims["cnf"] = CallerCertificate.Confirmation(certificate));

        SpidVerificationReason[] reasons = [await rig.ReasonAsync(token, null), await rig.ReasonAsync(token, other), await rig.ReasonAsync(token, certificate)];

        Assert.That(reasons, Is.EqualTo(new[] { ProofMissing, ProofMissing, answered == "another" ? ProofMissing : None }));
    }

    [Test]
    public async Task VerifyAsync_KeysUnreachable_OwnWordsCountToo(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Status(System.Net.HttpStatusCode.ServiceUnavailable));
        rig.AnswerActive();

        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["type"] = "refresh"), cancellationToken), Is.EqualTo(NotAnAccessToken));
        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["cnf"] = new JsonObject { ["jkt"] = "x" }), cancellationToken), Is.EqualTo(ProofMissing));
    }

    [TestCaseSource(nameof(Modes))]
    public async Task VerifyAsync_AnswerOfAnotherProcess_OwnWordsCountToo(SpidVerificationMode mode)
    {
        var store = new OpenStore();
        using VerifierRig first = Create(mode, store);
        using VerifierRig second = Create(mode, store);
        first.AnswerActive();
        string token = SignSymmetric(first, claims => claims["cnf"] = new JsonObject { ["jkt"] = "x" });
        await first.VerifyAsync(token, CancellationToken.None);
        await Wait.UntilAsync(() => !store.Entries.IsEmpty, CancellationToken.None);

        Assert.That(await second.ReasonAsync(token, CancellationToken.None), Is.EqualTo(ProofMissing));
        Assert.That(second.Spid.Introspections, Is.Zero);
    }

    private static string SignSymmetric(VerifierRig rig, Action<JsonObject> edit) => rig.Sign(edit, header =>
    {
        header["alg"] = "HS256";
        header.Remove("kid");
    });

    private static VerifierRig Create(SpidVerificationMode mode, OpenStore? store = null) => new(
        options => (options.Mode, options.AcceptUserTokens, options.Cache.Distributed) = (mode, true, store is not null),
        store: store);
}
