using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>S1: tokens that must be refused, each for itself a known attack or a rule of an RFC, and odd ones that are legal.</summary>
[CancelAfter(60_000)]
internal sealed class HostileTokenTests
{
    [Test(Description = "S1; edge cases 60, 61, 64, 66, 68, 70, 71, V37, V40, V41")]
    public async Task VerifyAsync_HostileToken_IsNotAcceptedAndCausesNoIntrospection()
    {
        using var rig = new VerifierRig();
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
        (string Name, string Token)[] hostile = [.. HostileTokens.Create(rig)];

        Assert.That(hostile, Has.Length.GreaterThanOrEqualTo(150));
        foreach ((string name, string token) in hostile)
        {
            SpidVerificationResult result = await rig.VerifyAsync(token, CancellationToken.None);

            // Unknown key ids have used up their two fetches soon; without one the key may be published.
            bool isUndecided = name.StartsWith("kid ", StringComparison.Ordinal) && result.Reason == SpidVerificationReason.NoKeys;
            Assert.That(result.Status, Is.EqualTo(isUndecided ? SpidVerificationStatus.Unavailable : SpidVerificationStatus.Rejected), $"{name}: {result.Reason}");
        }

        TestContext.Out.WriteLine($"{hostile.Length} hostile tokens");
        Assert.That(rig.Spid.Introspections, Is.Zero);
        Assert.That(rig.Spid.KeyFetches, Is.LessThanOrEqualTo(3));
    }

    [Test(Description = "S1, the legal side; edge case 60")]
    public async Task VerifyAsync_LegalVariant_IsAccepted()
    {
        using var rig = new VerifierRig(options => options.Audiences.Add(Forge.ClientId));
        (string Name, string Token)[] legal = [.. HostileTokens.CreateLegal(rig)];

        Assert.That(legal, Has.Length.GreaterThanOrEqualTo(20));
        foreach ((string name, string token) in legal)
        {
            Assert.That((await rig.VerifyAsync(token, CancellationToken.None)).Reason, Is.EqualTo(SpidVerificationReason.None), name);
        }
    }

    [TestCase(-31, SpidVerificationReason.Expired)]
    [TestCase(-30, SpidVerificationReason.Expired)]
    [TestCase(-29, SpidVerificationReason.None)]
    [Description("Edge case 69: at the edge of the clock skew")]
    public async Task VerifyAsync_ExpiryAtTheEdgeOfTheSkew_IsDecidedToTheSecond(int seconds, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig();

        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["exp"] = rig.Now.ToUnixTimeSeconds() + seconds), CancellationToken.None), Is.EqualTo(expected));
    }

    [TestCase(30, SpidVerificationReason.None)]
    [TestCase(31, SpidVerificationReason.NotYetValid)]
    public async Task VerifyAsync_NotBeforeAtTheEdgeOfTheSkew_IsDecidedToTheSecond(int seconds, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig();

        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["nbf"] = rig.Now.ToUnixTimeSeconds() + seconds), CancellationToken.None), Is.EqualTo(expected));
    }

    [Test]
    public async Task VerifyAsync_NotYetValidToken_IsAcceptedWhenItsTimeHasCome(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig();
        string token = rig.Sign(claims => claims["nbf"] = rig.Now.ToUnixTimeSeconds() + 40);

        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(SpidVerificationReason.NotYetValid));
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(SpidVerificationReason.None));
    }

    [TestCase(null, "other", "other", Description = "V42")]
    [TestCase("mine", null, "mine", Description = "V42")]
    [TestCase("mine", "other", "mine", Description = "V42")]
    public async Task VerifyAsync_ClientIdAndAuthorizedParty_ClientIdCounts(string? clientId, string? authorizedParty, string expected)
    {
        using var rig = new VerifierRig();

        SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(claims => (claims["client_id"], claims["azp"]) = (clientId, authorizedParty)), CancellationToken.None);

        Assert.That(result.Token.ClientId, Is.EqualTo(expected));
    }

    [Test]
    public async Task HasSigned_AgainstThePlatform_SameVerdictForAThousandTokens()
    {
        using var rig = new VerifierRig();
        using var platform = RSA.Create();
        platform.ImportFromPem(rig.Forge.PublicKeyPem);
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
        var key = (await rig.Verifier.Keys.FindAsync(rig.Forge.KeyId, CancellationToken.None)).Key!;
        var random = new Random(7);

        for (int number = 0; number < 1_000; number++)
        {
            string token = rig.Sign();
            if (number % 2 == 0)
            {
                byte[] signature = System.Buffers.Text.Base64Url.DecodeFromChars(token.AsSpan(token.LastIndexOf('.') + 1));
                signature[random.Next(signature.Length)] ^= (byte)(1 << random.Next(8));
                token = $"{token[..token.LastIndexOf('.')]}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}";
            }

            int end = token.LastIndexOf('.');
            bool expected = platform.VerifyData(
                Encoding.ASCII.GetBytes(token[..end]), System.Buffers.Text.Base64Url.DecodeFromChars(token.AsSpan(end + 1)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            Assert.That(key.HasSigned(token, "RS256"), Is.EqualTo(expected));
            Assert.That(expected, Is.EqualTo(number % 2 != 0));
        }
    }

    [Test]
    public async Task VerifyAsync_AllowedClients_OthersAreForbidden(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => options.AllowedClients.Add("friend"));

        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["client_id"] = "friend"), cancellationToken), Is.EqualTo(SpidVerificationReason.None));
        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["client_id"] = "Friend"), cancellationToken), Is.EqualTo(SpidVerificationReason.ClientNotAllowed));
        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims.Remove("client_id")), cancellationToken), Is.EqualTo(SpidVerificationReason.ClientNotAllowed));
    }

    [Test]
    public async Task VerifyAsync_ServerTokensOnly_UserTokensAreForbidden(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => options.ServerTokensOnly = true);

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(SpidVerificationReason.None));
        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["sub"] = Forge.ClientId), cancellationToken), Is.EqualTo(SpidVerificationReason.None));
        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["sub"] = "a-user"), cancellationToken), Is.EqualTo(SpidVerificationReason.UserToken));
        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["user_id"] = "12345"), cancellationToken), Is.EqualTo(SpidVerificationReason.UserToken));
    }

    [TestCase("iss", "\"wrong issuer\"", SpidVerificationReason.WrongIssuer, Description = "V43")]
    [TestCase("iss", "null", SpidVerificationReason.WrongIssuer)]
    [TestCase("aud", "\"https://sibling.example.com\"", SpidVerificationReason.WrongAudience)]
    public async Task VerifyAsync_GoodTokenForSomebodyElse_IsForbidden(string name, string json, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig();

        SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(claims => claims[name] = JsonNode.Parse(json)), CancellationToken.None);

        Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Forbidden, expected)));
    }
}
