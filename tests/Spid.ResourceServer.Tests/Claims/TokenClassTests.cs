using System.Text.Json.Nodes;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Claims;

/// <summary>The shapes of SPiD's tokens (spid.md 1.12), all signed with the key that signs access tokens and sent to a service that they name.</summary>
[CancelAfter(60_000)]
internal sealed class TokenClassTests
{
    private const string Subject = "5ff0b4f3-2d8c-5e2e-a7a0-8d6b8ae7d3a3";

    public static IEnumerable<TestCaseData> Shapes()
    {
        JsonObject old = new() { ["typ"] = "JWT", ["alg"] = "RS256" };
        JsonObject symmetric = new() { ["typ"] = "JWS", ["alg"] = "RS256" };
        JsonObject bare = new() { ["alg"] = "RS256" };
        return
        [
            Shape("A1 user access token", "V41: what the refresh token beside it is told from", old, "900", None, """
                "class":"token.OAuthUserAccessToken","jti":"a1","aud":"https://messages.example.com/","scope":"openid","user_id":"12345","azp":"4e8463569caf7ca019000007","client_id":"4e8463569caf7ca019000007"
                """),
            Shape("A3 ID token", "V40", old, "900", NotAnAccessToken, """
                "class":"token.IDToken","jti":"a3","aud":["4e8463569caf7ca019000007","https://messages.example.com"],"azp":"4e8463569caf7ca019000007","legacy_user_id":"12345"
                """),
            Shape("A4 refresh token", "V41", symmetric, "900", NotAnAccessToken, """
                "class":"token.OAuthUserRefreshToken","ajti":"a1","aud":"https://messages.example.com","scope":"openid","client_id":"4e8463569caf7ca019000007","user_id":"12345"
                """),
            Shape("B1 user access token", "V41: what the refresh token beside it is told from", bare, "60", None, """
                "aud":"4e8463569caf7ca019000007","user_id":"12345","scope":"openid","type":"access","client_id":"4e8463569caf7ca019000007","jti":"b1"
                """),
            Shape("B2 ID token", "V40", bare, "900", NotAnAccessToken, """
                "aud":"4e8463569caf7ca019000007","acr":"0","amr":["pwd","otp"],"auth_time":1767225000,"nonce":"n","legacy_user_id":"12345"
                """),
            Shape("B3 refresh token", "V41", bare, "900", NotAnAccessToken, """
                "aud":"4e8463569caf7ca019000007","user_id":"12345","scope":"openid","type":"refresh","client_id":"4e8463569caf7ca019000007","jti":"b3","sid":"s"
                """),
        ];
    }

    [TestCaseSource(nameof(Shapes))]
    public async Task VerifyAsync_TokenOfSpid_OnlyAccessTokensAreAccepted(JsonObject header, string life, string claims, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig(options => options.Audiences.Add(Forge.ClientId));
        header = (JsonObject)header.DeepClone();
        header["kid"] = rig.Forge.KeyId;
        long now = rig.Now.ToUnixTimeSeconds();
        string payload = $$"""{"iss":"https:\/\/identity-pre.schibsted.com\/","sub":"{{Subject}}","iat":{{now}},"exp":{{now + int.Parse(life, System.Globalization.CultureInfo.InvariantCulture)}},{{claims.Trim()}}}""";

        SpidVerificationResult result = await rig.VerifyAsync(rig.Forge.Sign(header.ToJsonString(), payload), CancellationToken.None);

        Assert.That(result.Reason, Is.EqualTo(expected));
        Assert.That(rig.Spid.Introspections, Is.Zero);
    }

    private static TestCaseData Shape(string name, string description, JsonObject header, string life, SpidVerificationReason expected, string claims) =>
        new TestCaseData(header, life, claims, expected).SetArgDisplayNames(name).SetDescription(description);
}
