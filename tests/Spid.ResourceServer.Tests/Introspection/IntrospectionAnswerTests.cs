using System.Text;
using System.Text.Json.Nodes;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Introspection;

/// <summary>What the verifier makes of each answer of the introspection endpoint.</summary>
[CancelAfter(60_000)]
internal sealed partial class IntrospectionAnswerTests
{
    /// <summary>Whole bodies.</summary>
    public static IEnumerable<TestCaseData> Bodies() =>
    [
        Case(22, """{"active":false}""", NotActive),
        Case(22, """{"active":false,"client_id":7,"exp":"x"}""", NotActive),
        Case(23, """{"scope":"read:messages","client_id":"x"}""", IntrospectionFailed),
        Case(24, """{"active":"true","scope":"read:messages"}""", IntrospectionFailed),
        Case(25, """{"active":"false"}""", IntrospectionFailed),
        Case(26, """{"active":1}""", IntrospectionFailed),
        Case(27, """{"active":null}""", IntrospectionFailed),
        Case(28, "{}", IntrospectionFailed),
        Case(29, "[]", IntrospectionFailed),
        Case(30, "null", IntrospectionFailed),
        Case(31, "", IntrospectionFailed),
        Case(32, "<html>Something went wrong</html>", IntrospectionFailed),
        Case(36, """{"active":true,"scope":"read:mess""", IntrospectionFailed),
        Case(39, """{"active":false,"active":true}""", IntrospectionFailed),
    ];

    /// <summary>Members put into an answer that is otherwise good, as JSON; an empty value takes the member out.</summary>
    public static IEnumerable<TestCaseData> Members() =>
    [
        Member(40, "exp", "1767225500", Expired),
        Member(41, "exp", "1767225500.5", Expired),
        Member(42, "exp", "1767226000.5", None),
        Member(43, "exp", "\"1767226000\"", IntrospectionFailed),
        Member(44, "exp", "1e18", IntrospectionFailed),
        Member(44, "exp", "-1", Expired),
        Member(44, "exp", "0", Expired),
        Member(44, "exp", "1e400", IntrospectionFailed),
        Member(45, "nbf", "1767226000", NotYetValid),
        Member(46, "iat", "1767226000", None),
        Member(48, "iss", "", None),
        Member(48, "aud", "", WrongAudience),
        Member(49, "aud", "\"https://messages.example.com\"", None),
        Member(49, "aud", """["https://other.example.com","https://messages.example.com"]""", None),
        Member(49, "aud", "[]", WrongAudience),
        Member(49, "aud", "null", WrongAudience),
        Member(49, "aud", "7", IntrospectionFailed),
        Member(49, "aud", """["https://messages.example.com",7]""", IntrospectionFailed),
        Member(49, "aud", "\"https://messages.example.com/\"", None),
        Member(49, "aud", "\"https://messages.example.com//\"", WrongAudience),
        Member(49, "aud", "\"https://messages.example.com.evil.test\"", WrongAudience),
        Member(50, "iss", "null", None),
        Member(50, "iss", "7", IntrospectionFailed),
        Member(50, "iss", "\"https://identity-pre.schibsted.com\"", None),
        Member(50, "iss", "\"https://identity-pre.schibsted.com/\"", None),
        Member(50, "iss", "\"https://identity-pre.schibsted.com//\"", WrongIssuer),
        Member(50, "iss", "\"https://IDENTITY-PRE.schibsted.com\"", WrongIssuer),
        Member(50, "iss", "\"https://identity-pre.schibsted.com.evil.test\"", WrongIssuer),
        Member(50, "iss", "\"https://evil.test/https://identity-pre.schibsted.com\"", WrongIssuer),
        Member(51, "scope", "null", MissingScope),
        Member(51, "scope", "\"\"", MissingScope),
        Member(51, "scope", "\"openid  read:messages\"", None),
        Member(51, "scope", "\"openid\\tread:messages\"", MissingScope),
        Member(51, "scope", """["openid","read:messages"]""", None),
        Member(51, "scope", "\"read:messages write:messages admin\"", None),
        Member(51, "scope", "\"Read:Messages\"", MissingScope),
        Member(51, "scope", "7", IntrospectionFailed),
        Member(52, "token_type", "\"refresh_token\"", NotAnAccessToken),
        Member(52, "token_type", "\"Bearer\"", None),
        Member(53, "cnf", """{"jkt":"abc"}""", ProofMissing),
        Member(53, "cnf", """{"x5t#S256":"abc"}""", ProofMissing),
        Member(53, "cnf", "7", IntrospectionFailed),
        Member(58, "client_id", "", None),
        Member(0, "class", "\"token.OAuthUserRefreshToken\"", NotAnAccessToken),
        Member(0, "class", "\"token.OAuthUserAccessToken\"", None),
        Member(0, "type", "\"refresh\"", NotAnAccessToken),
        Member(0, "nonce", "\"n\"", NotAnAccessToken),
        Member(0, "client_id", "7", IntrospectionFailed),
        Member(0, "sub", "{}", IntrospectionFailed),
        Member(0, "sub", "\"\\ud800\"", IntrospectionFailed),
    ];

    [TestCaseSource(nameof(Bodies))]
    public async Task VerifyAsync_Body_IsReadSo(string body, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.AnswerIntrospection(body);

        Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Members))]
    public async Task VerifyAsync_Member_IsReadSo(string name, string json, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig(Mode.Remote);
        var answer = Forge.Claims(rig.Now);
        answer["azp"] = "somebody";
        answer["active"] = true;
        answer.Remove(name);
        string body = answer.ToJsonString();
        rig.Spid.AnswerIntrospection(json.Length == 0 ? body : $"{body[..^1]},\"{name}\":{json}}}");

        SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(), ["read:messages"], CancellationToken.None);

        Assert.That(result.Reason, Is.EqualTo(expected));
    }

    [TestCase("application/json", None)]
    [TestCase("application/json; charset=utf-8", None)]
    [TestCase("Application/JSON", None)]
    [TestCase("application/introspection+json", None)]
    [TestCase(null, None)]
    [TestCase("text/html", IntrospectionFailed, Description = "Edge case 32")]
    [TestCase("application/token-introspection+jwt", IntrospectionFailed, Description = "S14: a signed answer where JSON was asked")]
    public async Task VerifyAsync_ContentType_MustBeJson(string? contentType, SpidVerificationReason expected)
    {
        using var rig = new VerifierRig(Mode.Remote);
        string body = Active(rig);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Text(body, contentType));

        Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(expected));
    }

    [Test(Description = "Edge case 38")]
    public async Task VerifyAsync_ByteOrderMark_IsSkipped(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        byte[] body = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Active(rig))];
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Bytes(body, "application/json"));

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
    }

    [Test(Description = "Edge case 37: compressed, though nobody asked for it")]
    public async Task VerifyAsync_CompressedBody_IsNotUnderstood(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        using var compressed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Active(rig)), cancellationToken);
        }

        rig.Spid.Introspect = (_, _) =>
        {
            HttpResponseMessage response = StubSpid.Bytes(compressed.ToArray(), "application/json");
            response.Content.Headers.ContentEncoding.Add("gzip");
            return Task.FromResult(response);
        };

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(IntrospectionFailed));
        Assert.That(rig.Spid.Requests.Single().Message.Headers.AcceptEncoding, Is.Empty);
    }

    [Test(Description = "Edge case 35")]
    public async Task VerifyAsync_SeventyKilobytes_AreNotRead(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.AnswerIntrospection(Active(rig) + new string(' ', 70_000));

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(IntrospectionFailed));
    }

    [Test(Description = "S14: twelve wrong types of active")]
    public async Task VerifyAsync_ActiveOfAWrongType_LetsNobodyInAndIsNo401()
    {
        string[] values = ["null", "0", "\"true\"", "\"false\"", "\"yes\"", "1", "-1", "0.5", "[]", "[true]", "{}", "{\"value\":true}"];
        foreach (string value in values)
        {
            using var rig = new VerifierRig(Mode.Remote);
            rig.Spid.AnswerIntrospection(Active(rig).Replace("\"active\":true", $"\"active\":{value}", StringComparison.Ordinal));

            Assert.That((await rig.VerifyAsync(rig.Sign(), CancellationToken.None)).Status, Is.EqualTo(SpidVerificationStatus.Unavailable), value);
        }
    }

    [Test(Description = "Edge case 47: SPiD's clock is an hour ahead, and its answer says so")]
    public async Task VerifyAsync_ServerTimeAnHourAhead_TokenIsAliveAndCachedForItsRealLife(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.Cache.MaximumAge, options.Cache.RefreshAhead) = (SpidVerificationMode.Remote, TimeSpan.FromHours(1), false));
        long serverNow = rig.Now.ToUnixTimeSeconds() + 3600;
        rig.AnswerActive(answer => (answer["now"], answer["iat"], answer["exp"]) = (serverNow, serverNow, serverNow + 100));
        string token = rig.Sign();

        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(None));
        rig.Time.Advance(TimeSpan.FromSeconds(99));
        await rig.VerifyAsync(token, cancellationToken);
        Assert.That(rig.Spid.Introspections, Is.EqualTo(1));
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.VerifyAsync(token, cancellationToken);
        Assert.That(rig.Spid.Introspections, Is.EqualTo(2), "the entry outlived the token by the local clock");
    }

    [Test(Description = "Edge case 47: SPiD's clock is an hour behind")]
    public async Task VerifyAsync_ServerTimeAnHourBehind_TokenIsAlive(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        long serverNow = rig.Now.ToUnixTimeSeconds() - 3600;
        rig.AnswerActive(answer => (answer["now"], answer["iat"], answer["exp"]) = (serverNow, serverNow, serverNow + 100));

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
    }

    [Test(Description = "Edge case 58")]
    public async Task VerifyAsync_NoClientId_ClientIsTheAuthorizedParty(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive(answer =>
        {
            answer.Remove("client_id");
            answer["azp"] = "the-client";
        });

        Assert.That((await rig.VerifyAsync(rig.Sign(), cancellationToken)).Token.ClientId, Is.EqualTo("the-client"));
    }

    [Test]
    public async Task VerifyAsync_NoExpiryInAnswerNorToken_IsRefused(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive(answer => answer.Remove("exp"));

        Assert.That(await rig.ReasonAsync(rig.Sign(claims => claims.Remove("exp")), cancellationToken), Is.EqualTo(NoExpiry));
        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
    }

    [Test(Description = "V26")]
    public async Task VerifyAsync_SampleOneOfTheDocumentation_IsAccepted(CancellationToken cancellationToken)
    {
        using var rig = CreateAt(1503925000, "http://example.com");
        rig.Spid.AnswerIntrospection("""{"active":true,"sub":"f0c2c0cc-ee9c-5bb4-a5ab-bf4f9c5d3e02","aud":["http://example.com"],"scope":"openid profile email phone","iss":"https:\/\/identity-pre.schibsted.com\/","token_type":"access_token","exp":1503928222,"iat":1503924622,"client_id":"4e8463569caf7ca019000007","jti":"id"}""");

        SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(), cancellationToken);

        Assert.That(result.Status, Is.EqualTo(SpidVerificationStatus.Accepted));
        Assert.That(result.Token.ExpiresAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1503928222)));
        Assert.That(result.Token.Scopes, Has.Count.EqualTo(4));
    }

    [Test(Description = "V27")]
    public async Task VerifyAsync_SampleTwoWithoutAudience_IsForbidden(CancellationToken cancellationToken)
    {
        using var rig = CreateAt(1487166600, "https://service.schibsted.com/messages");
        rig.Spid.AnswerIntrospection("""{"active":true,"scope":"a b","client_id":"x","token_type":"Bearer","exp":1487169930,"now":1487166577}""");

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(WrongAudience));
    }

    [TestCase("read:messages", None, Description = "V28")]
    [TestCase("delete:messages", MissingScope, Description = "V29")]
    public async Task VerifyAsync_SampleThree_DependsOnTheScope(string scope, SpidVerificationReason expected)
    {
        using var rig = CreateAt(1487166600, "https://service.schibsted.com/messages");
        rig.Spid.AnswerIntrospection("""{"active":true,"scope":"read:messages write:messages","client_id":"x","token_type":"Bearer","exp":1487169930,"iat":1487166330,"iss":"https://identity-pre.schibsted.com","aud":["https://service.schibsted.com/messages"]}""");

        Assert.That((await rig.VerifyAsync(rig.Sign(), [scope], CancellationToken.None)).Reason, Is.EqualTo(expected));
    }

    private static string Active(VerifierRig rig)
    {
        JsonObject answer = Forge.Claims(rig.Now);
        answer["active"] = true;
        return answer.ToJsonString();
    }

    private static VerifierRig CreateAt(long seconds, string audience)
    {
        var rig = new VerifierRig(options =>
        {
            options.Mode = SpidVerificationMode.Remote;
            options.Audiences[0] = audience;
        });
        rig.Time.AdjustTime(DateTimeOffset.FromUnixTimeSeconds(seconds));
        return rig;
    }

    private static TestCaseData Case(int number, string body, SpidVerificationReason expected) =>
        new TestCaseData(body, expected).SetArgDisplayNames(body.Length == 0 ? "(empty)" : body, expected.ToString()).SetDescription($"Edge case {number}");

    private static TestCaseData Member(int number, string name, string json, SpidVerificationReason expected) =>
        new TestCaseData(name, json, expected).SetArgDisplayNames(name, json, expected.ToString()).SetDescription(number == 0 ? "Token classes and types" : $"Edge case {number}");
}
