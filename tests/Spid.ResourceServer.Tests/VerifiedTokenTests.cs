using System.Security.Claims;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests;

/// <summary>Tokens and results that tests of an application make themselves.</summary>
internal sealed class VerifiedTokenTests
{
    private const string Claims = """{"client_id":"4e8463569caf7ca019000007","sub":"7a4c2b1e-0000-4000-8000-000000000001","scope":"read:messages write:messages","aud":"https://messages.example.com","exp":1767225600,"tenant":"a"}""";

    [Test(Description = "B33: a test needs a token")]
    public void FromClaims_Payload_SaysWhatItSays()
    {
        var token = VerifiedToken.FromClaims(Claims);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((token.ClientId, token.Subject), Is.EqualTo(("4e8463569caf7ca019000007", "7a4c2b1e-0000-4000-8000-000000000001")));
            Assert.That(token.HasScopes(["read:messages", "write:messages"]), Is.True);
            Assert.That(token.Audiences, Is.EqualTo(new[] { "https://messages.example.com" }));
            Assert.That(token.ExpiresAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1_767_225_600)));
            Assert.That(token.CreateClaims(new ClaimsIdentity()).Single(claim => claim.Type == "tenant").Value, Is.EqualTo("a"));
            Assert.That(SpidVerificationResult.Accepted(token).Token, Is.SameAs(token));
        }
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{\"sub\":1}")]
    [TestCase("{")]
    [Description("B33: what no token says is an error of the test")]
    public void FromClaims_NoClaims_IsAnError(string claims) => Assert.That(() => VerifiedToken.FromClaims(claims), Throws.ArgumentException);

    [Test]
    public void Accepted_NoToken_IsAnError() => Assert.That(() => SpidVerificationResult.Accepted(null!), Throws.ArgumentNullException);

    [Test]
    public async Task VerifyAsync_NoToken_IsRejected()
    {
        using var rig = new VerifierRig();
        SpidTokenVerifier verifier = rig.Verifier;
        string? token = null;

        SpidVerificationResult[] results = [await verifier.VerifyAsync(token), await verifier.VerifyAsync(token, new SpidTokenRequirements()), await verifier.VerifyAsync(null)];

        Assert.That(results.Select(result => (result.Status, result.Reason)), Is.All.EqualTo((SpidVerificationStatus.Rejected, SpidVerificationReason.MalformedToken)));
    }
}
