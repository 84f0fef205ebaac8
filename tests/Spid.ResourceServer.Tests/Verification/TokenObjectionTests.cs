using Spid.ResourceServer.Claims;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>What the log says of a token that was not accepted.</summary>
internal sealed class TokenObjectionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestCase(SpidVerificationReason.WrongAudience, "{\"aud\":[\"https://b.example.com\",\"a\"]}", "audience https://messages.example.com", "a https://b.example.com")]
    [TestCase(SpidVerificationReason.WrongAudience, "{}", "audience https://messages.example.com", "none")]
    [TestCase(SpidVerificationReason.WrongIssuer, "{\"iss\":\"https://other.example.com\"}", "issuer https://login.example.com", "https://other.example.com")]
    [TestCase(SpidVerificationReason.ClientNotAllowed, "{\"azp\":\"b\"}", "client a", "b")]
    [TestCase(SpidVerificationReason.MissingScope, "{\"scope\":\"y x\"}", "scope write:messages", "x y")]
    [TestCase(SpidVerificationReason.Expired, "{\"exp\":1767225500}", "exp later than 2025-12-31 23:59:30Z", "2025-12-31 23:58:20Z")]
    [TestCase(SpidVerificationReason.NotYetValid, "{\"nbf\":1767225700}", "nbf no later than 2026-01-01 00:00:30Z", "2026-01-01 00:01:40Z")]
    [TestCase(SpidVerificationReason.ProofMissing, "{}", "the certificate that the token is bound to", "none")]
    [TestCase(SpidVerificationReason.WrongIssuer, "{\"iss\":\"a\\r\\nforged line\\u2028\"}", "issuer https://login.example.com", "a??forged line?")]
    [Description("B34: what was expected, and what was found")]
    public void Find_Claims_NamesBoth(SpidVerificationReason reason, string claims, string expected, string found) =>
        Assert.That(Find(reason, claims), Is.EqualTo(new TokenObjection(expected, found)));

    [Test(Description = "B34: however much a token says, a line stays a line")]
    public void Find_LongClaim_IsCut() =>
        Assert.That(Find(SpidVerificationReason.WrongIssuer, $"{{\"iss\":\"{new string('a', 10_000)}\"}}").Found, Has.Length.EqualTo(259));

    [Test(Description = "B34: every reason says something")]
    public void Find_WithoutClaims_SaysWhatIsExpected([Values] SpidVerificationReason reason)
    {
        TokenObjection objection = Find(reason, claims: null);

        Assert.That((objection.Expected, objection.Found), Is.Not.EqualTo(("", "")));
    }

    private static TokenObjection Find(SpidVerificationReason reason, string? claims)
    {
        var options = new SpidVerifierOptions { Authority = new Uri("https://login.example.com"), Mode = SpidVerificationMode.Local };
        options.Audiences.Add("https://messages.example.com");
        options.AllowedClients.Add("a");
        using var document = System.Text.Json.JsonDocument.Parse(claims ?? "{}");
        return TokenObjection.Find(
            reason, claims is null ? null : ClaimsReader.Read(document.RootElement, out _), VerifierSettings.From("", options), new SpidTokenRequirements { RequiredScopes = ["write:messages"] }, Now);
    }
}
