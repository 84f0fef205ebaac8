using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Introspection;

/// <content>S14: answers that call a token active, and say something odd of it.</content>
internal sealed partial class IntrospectionAnswerTests
{
    [TestCase("\"access_token\"", None)]
    [TestCase("\"bearer\"", None)]
    [TestCase("\"\"", None)]
    [TestCase("null", None)]
    [TestCase("\"REFRESH_TOKEN\"", NotAnAccessToken)]
    [TestCase("\"id_token\"", NotAnAccessToken)]
    [TestCase("\"ID_Token\"", NotAnAccessToken)]
    [TestCase("7", IntrospectionFailed)]
    [TestCase("true", IntrospectionFailed)]
    [TestCase("[\"Bearer\"]", IntrospectionFailed)]
    [TestCase("{}", IntrospectionFailed)]
    [TestCase("\"\\ud800\"", IntrospectionFailed)]
    [Description("S14: odd types of token")]
    public async Task VerifyAsync_TokenType_IsReadSo(string json, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig(Mode.Remote);
        string body = Active(rig);
        rig.Spid.AnswerIntrospection($"{body[..^1]},\"token_type\":{json}}}");

        Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(expected));
    }

    [TestCase("\"client_id\":\"friend\"", None)]
    [TestCase("\"client_id\":\"stranger\"", ClientNotAllowed)]
    [TestCase("\"client_id\":\"Friend\"", ClientNotAllowed)]
    [TestCase("\"client_id\":\"friend \"", ClientNotAllowed)]
    [TestCase("\"client_id\":\"\"", ClientNotAllowed)]
    [TestCase("\"client_id\":null", ClientNotAllowed)]
    [TestCase("\"client_id\":\"stranger\",\"azp\":\"friend\"", ClientNotAllowed)]
    [TestCase("\"azp\":\"friend\"", None)]
    [TestCase("\"azp\":\"stranger\"", ClientNotAllowed)]
    [TestCase("\"client_id\":[\"friend\"]", IntrospectionFailed)]
    [Description("S14: the wrong client, where some clients are allowed")]
    public async Task VerifyAsync_ClientOfTheAnswer_MustBeAllowed(string members, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig(options =>
        {
            options.Mode = SpidVerificationMode.Remote;
            options.AllowedClients.Add("friend");
        });
        var answer = Forge.Claims(rig.Now);
        answer["active"] = true;
        answer.Remove("client_id");
        rig.Spid.AnswerIntrospection($"{answer.ToJsonString()[..^1]},{members}}}");

        // The token itself names a friend: the answer counts.
        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims["client_id"] = "friend"), CancellationToken.None), Is.EqualTo(expected));
    }

    [TestCase("\"true\"", SpidVerificationStatus.Unavailable)]
    [TestCase("\"false\"", SpidVerificationStatus.Unavailable)]
    [TestCase("true", SpidVerificationStatus.Accepted)]
    [TestCase(null, SpidVerificationStatus.Unavailable)]
    [Description("V31, B14, as the decision about the boolean has it: neither a text nor a missing member says anything about the token")]
    public async Task VerifyAsync_ActiveAsText_IsNotUnderstood(string? json, SpidVerificationStatus expected)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.AnswerIntrospection(Active(rig).Replace(",\"active\":true", json is null ? "" : $",\"active\":{json}", StringComparison.Ordinal));

        Assert.That((await rig.VerifyAsync(rig.Sign(), CancellationToken.None)).Status, Is.EqualTo(expected));
    }

    [TestCase("{}")]
    [TestCase("""{"error":"invalid_request"}""")]
    [TestCase("""{"Active":true}""")]
    [TestCase("""{"data":{"active":true}}""")]
    [TestCase("""{"iss":"https://identity-pre.schibsted.com","token_introspection":{"active":true}}""")]
    [Description("B14: introspection answers 200 without active")]
    public async Task VerifyAsync_ActiveIsMissing_IsUnavailable(string body)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.AnswerIntrospection(body);

        SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(), CancellationToken.None);

        Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, IntrospectionFailed)));
    }

    [Test(Description = "V30: nothing but that it is inactive")]
    public async Task VerifyAsync_OnlyInactive_IsRejectedWhateverIsAsked(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.AnswerIntrospection("""{"active":false}""");

        SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(), ["write:messages"], cancellationToken);

        Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Rejected, NotActive)));
    }

    [TestCase("\"5ff0b4f3-2d8c-5e2e-a7a0-8d6b8ae7d3a3\"", "5ff0b4f3-2d8c-5e2e-a7a0-8d6b8ae7d3a3")]
    [TestCase("\"\"", "")]
    [TestCase("null", null)]
    [TestCase(null, null)]
    [Description("Edge case 59: the subject present and absent")]
    public async Task VerifyAsync_Subject_IsThatOfTheAnswer(string? json, string? expected)
    {
        using var rig = new VerifierRig(Mode.Remote);
        string body = Active(rig);
        rig.Spid.AnswerIntrospection(json is null ? body : $"{body[..^1]},\"sub\":{json}}}");

        // The token itself names another.
        SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(claims => claims["sub"] = "another"), CancellationToken.None);

        Assert.That((result.Reason, result.Token.Subject), Is.EqualTo((None, expected)));
    }

    [Test(Description = "V33: no token, no request")]
    public async Task IntrospectAsync_NoToken_IsRefusedBeforeSpidIsAsked(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);

        await Assert.ThatAsync(() => rig.Verifier.Introspection.IntrospectAsync("", cancellationToken), Throws.ArgumentException);
        await Assert.ThatAsync(() => rig.Verifier.Introspection.IntrospectAsync(null!, cancellationToken), Throws.ArgumentNullException);
        Assert.That(await rig.ReasonAsync("", cancellationToken), Is.EqualTo(MalformedToken));
        Assert.That(rig.Spid.Requests, Is.Empty);
    }
}
