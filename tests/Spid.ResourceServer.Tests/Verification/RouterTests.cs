using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>Algorithms that were not configured, with signatures that are sound.</summary>
[CancelAfter(60_000)]
internal sealed class RouterTests
{
    [TestCase("PS256")]
    [TestCase("RS512")]
    [Description("Edge case 61: the same token is accepted where its algorithm is configured")]
    public async Task VerifyAsync_OtherRsaAlgorithm_IsAcceptedOnlyWhereItIsConfigured(string algorithm)
    {
        using var usual = new VerifierRig();
        using var other = new VerifierRig(options => options.Algorithms.Add(algorithm), usual.Forge);
        string keys = Forge.KeySet(usual.Forge.Key(key => key.Remove("alg")));
        usual.Spid.AnswerKeys(keys);
        other.Spid.AnswerKeys(keys);
        usual.AnswerActive();
        string token = usual.Forge.SignWith(
            $$"""{"alg":"{{algorithm}}","kid":"{{usual.Forge.KeyId}}"}""",
            Forge.Claims(usual.Now).ToJsonString(),
            algorithm == "RS512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256,
            algorithm == "RS512" ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss);

        Assert.That(await other.ReasonAsync(token, CancellationToken.None), Is.EqualTo(None));
        Assert.That(await usual.ReasonAsync(token, CancellationToken.None), Is.EqualTo(UnsupportedAlgorithm));
        Assert.That(usual.Spid.Requests, Is.Empty);
    }

    [Test(Description = "Edge case 61: ES256, with its key in the key set")]
    public async Task VerifyAsync_ReallyES256_IsRefused(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(), CurveKey(curve, "curve")));
        rig.AnswerActive();
        await rig.VerifyAsync(rig.Sign(), cancellationToken);

        string token = Sign(curve, """{"alg":"ES256","kid":"curve"}""", rig);
        string disguised = Sign(curve, $$"""{"alg":"RS256","kid":"{{rig.Forge.KeyId}}"}""", rig);
        string crossed = Sign(curve, """{"alg":"RS256","kid":"curve"}""", rig);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(IsSound(curve, token), Is.True);
            Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(UnsupportedAlgorithm));
            Assert.That(await rig.ReasonAsync(disguised, cancellationToken), Is.EqualTo(BadSignature));
            Assert.That(await rig.ReasonAsync(crossed, cancellationToken), Is.EqualTo(UnknownKey), "a key of another kind is no key");
            Assert.That(rig.Spid.Introspections, Is.Zero);
        }
    }

    [TestCase("crit", UnsupportedHeader)]
    [TestCase("b64", UnsupportedHeader)]
    [TestCase("zip", UnsupportedHeader)]
    [TestCase("enc", UnsupportedHeader)]
    [TestCase("typ", NotAnAccessToken)]
    [Description("B32: what a JWT says of itself counts against it in each mode")]
    public async Task VerifyAsync_HeaderOfSomethingElse_IsRefusedInEachModeWithoutACall(string member, SpidVerificationReason expected)
    {
        foreach (Action<SpidVerifierOptions> mode in new[] { Mode.Remote, Mode.Local, Mode.Auto })
        {
            using var rig = new VerifierRig(mode);
            rig.AnswerActive();
            string token = rig.Sign(editHeader: header => header[member] = member switch
            {
                "crit" => new JsonArray("exp"),
                "b64" => false,
                _ => "id-token",
            });

            Assert.That((await rig.ReasonAsync(token, CancellationToken.None), rig.Spid.Introspections), Is.EqualTo((expected, 0)));
        }
    }

    [TestCase("none", true, UnsupportedAlgorithm)]
    [TestCase("None", false, UnsupportedAlgorithm)]
    [TestCase("NONE", false, UnsupportedAlgorithm)]
    [TestCase("RS256", false, BadSignature)]
    [Description("A JWT without a signature (RFC 7519 section 6) is a JWT, and is refused as one")]
    public async Task VerifyAsync_Unsecured_IsRefusedAsAJwtInEachModeWithoutACall(string algorithm, bool isSigned, SpidVerificationReason expected)
    {
        foreach (Action<SpidVerifierOptions> mode in new[] { Mode.Remote, Mode.Local, Mode.Auto })
        {
            using var rig = new VerifierRig(options =>
            {
                mode(options);
                options.IntrospectOpaqueTokens = options.Mode != SpidVerificationMode.Local;
            });
            rig.AnswerActive();
            string token = rig.Sign(editHeader: header => header["alg"] = algorithm);

            SpidVerificationReason reason = await rig.ReasonAsync(isSigned ? token : token[..(token.LastIndexOf('.') + 1)], CancellationToken.None);

            Assert.That(reason, Is.EqualTo(expected));
            Assert.That(rig.Spid.Requests, Is.Empty);
        }
    }

    [TestCase("padded", "=")]
    [TestCase("padded twice", "==")]
    [TestCase("unused bits of the last letter", null)]
    [Description("A server that reads leniently would call it active, and a bound token would be let in without its certificate")]
    public async Task VerifyAsync_RespelledJwtWhereOpaqueTokensAreIntrospected_IsRefusedWithoutACall(string how, string? appended)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.IntrospectOpaqueTokens) = (SpidVerificationMode.Remote, true));
        rig.AnswerActive();
        string token = rig.Sign(claims => claims["cnf"] = new JsonObject { ["x5t#S256"] = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" });

        SpidVerificationReason reason = await rig.ReasonAsync(appended is null ? WithUnusedBits(token) : token + appended, CancellationToken.None);

        Assert.That((reason, rig.Spid.Introspections), Is.EqualTo((OpaqueToken, 0)), how);
    }

    /// <summary>The last letter of a signature of 256 bytes has four bits that no byte needs.</summary>
    private static string WithUnusedBits(string token)
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return token[..^1] + letters[letters.IndexOf(token[^1], StringComparison.Ordinal) | 1];
    }

    private static JsonObject CurveKey(ECDsa curve, string keyId)
    {
        ECPoint point = curve.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["use"] = "sig",
            ["kid"] = keyId,
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private static string Sign(ECDsa curve, string header, VerifierRig rig)
    {
        string content = $"{Forge.Encode(header)}.{Forge.Encode(Forge.Claims(rig.Now).ToJsonString())}";
        return $"{content}.{Base64Url.EncodeToString(curve.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256))}";
    }

    private static bool IsSound(ECDsa curve, string token)
    {
        int end = token.LastIndexOf('.');
        return curve.VerifyData(Encoding.ASCII.GetBytes(token[..end]), Base64Url.DecodeFromChars(token.AsSpan(end + 1)), HashAlgorithmName.SHA256);
    }
}
