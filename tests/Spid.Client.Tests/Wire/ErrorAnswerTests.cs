using System.Net;
using System.Text;
using Spid.Client.Tests.Protocol;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Wire;

[CancelAfter(60_000)]
internal sealed class ErrorAnswerTests
{
    [TestCase("E1", """{"error":"invalid_client_credentials","error_code":"400 Bad Request","type":"OAuthException"}""", "invalid_client_credentials")]
    [TestCase("E1b", """{"error":"invalid_scope","error_code":"400 Bad Request","type":"OAuthException"}""", "invalid_scope")]
    [TestCase("E1b", """{"error":"invalid_grant","error_code":"400 Bad Request","type":"OAuthException"}""", "invalid_grant")]
    [TestCase("E1b", """{"error":"unverified_user","error_code":"400 Bad Request","type":"OAuthException"}""", "unverified_user")]
    [TestCase("E1b", """{"error":"invalid_user_credentials","error_code":"400 Bad Request","type":"OAuthException"}""", "invalid_user_credentials")]
    [TestCase("E2, V20", """{"error":"invalid_token","error_code":401,"type":"OAuthException","error_description":"Bearer realm=\"Service\" scope=\"x\""}""", "invalid_token")]
    [TestCase("E2b, V22", """{"error":"expired_token","error_code":"401","type":"OAuthException"}""", "expired_token")]
    [TestCase("V23", """{"error":"insufficient_scope","error_code":401}""", "insufficient_scope")]
    [TestCase("E3, V15", """{"error":{"code":429,"type":"too_many_requests","description":"Too many requests"}}""", "too_many_requests")]
    [TestCase("E3", """{"error":{"code":400,"type":"invalid_grant","description":"Invalid grant"}}""", "invalid_grant")]
    [TestCase("E3, V25", """{"error":{"code":409,"type":"ApiException","description":{"password":"too short"}}}""", null)]
    [TestCase("E4, V24", """{"name":"SPP Container","version":"0.2","api":2,"code":403,"type":"error","data":null,"error":{"code":403,"type":"ApiException","description":"Token is not authorized to access this user."},"request":{"reset":3600,"limit":0,"remaining":-6}}""", null)]
    [TestCase("E5", """{"error":"invalid_client","error_description":"Client authentication failed"}""", "invalid_client")]
    [TestCase("trailing comma", """{"error":"invalid_client",}""", "invalid_client")]
    [TestCase("escaped", """{"\u0065rror":"invalid\u005fclient"}""", "invalid_client")]
    [Test(Description = "spid.md 1.5: E1 to E5")]
    public void Read_BodyOfSpid_GivesTheKnownCode(string shape, string body, string? code) =>
        Assert.That(ErrorAnswer.Read(Encoding.UTF8.GetBytes(body)).Code, Is.EqualTo(code), shape);

    [TestCase("")]
    [TestCase("<html>invalid_client</html>")]
    [TestCase("Something went wrong")]
    [TestCase("invalid_client")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("""["invalid_client"]""")]
    [TestCase("""[{"error":"invalid_client"}]""")]
    [TestCase("\"invalid_client\"")]
    [TestCase("{}")]
    [TestCase("""{"error":null}""")]
    [TestCase("""{"error":true}""")]
    [TestCase("""{"error":400}""")]
    [TestCase("""{"error":""}""")]
    [TestCase("""{"error":["invalid_client"]}""")]
    [TestCase("""{"error":{}}""")]
    [TestCase("""{"error":{"type":null}}""")]
    [TestCase("""{"error":{"type":["invalid_client"]}}""")]
    [TestCase("""{"error":{"type":{"type":"invalid_client"}}}""")]
    [TestCase("""{"error":{"code":"invalid_client"}}""")]
    [TestCase("""{"error":"INVALID_CLIENT"}""")]
    [TestCase("""{"error":"invalid_client\u0000"}""")]
    [TestCase("""{"error":"\ud800"}""")]
    [TestCase("""{"\ud800":"x","error":"invalid_client"}""")]
    [TestCase("""{"error":"invalid_client","error":"invalid_scope"}""")]
    [TestCase("""{"error":"invalid_client" """)]
    [TestCase("""{"Error":"invalid_client"}""")]
    [TestCase("""{"errors":[{"error":"invalid_client"}]}""")]
    [TestCase("""{"data":{"error":"invalid_client"}}""")]
    [Test(Description = "spid.md 1.5: E6; CVE-2023-27496")]
    public async Task RequestTokenAsync_ErrorBodyWithoutUsableCode_GivesTheStatusAlone(string body, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways(HttpStatusCode.BadRequest, Encoding.UTF8.GetBytes(body));

        SpidException failure = await spid.FailAsync(cancellationToken);

        AssertStatusAlone(failure);
    }

    public static IEnumerable<TestCaseData> ForeignBytes() =>
    [
        Bytes("UTF-16", Encoding.Unicode.GetBytes("""{"error":"invalid_client"}""")),
        Bytes("no UTF-8", [.. "{\"error\":\""u8, 0xC3, 0x28, .. "\"}"u8]),
        Bytes("no UTF-8 in a name", [.. "{\""u8, 0xFF, .. "\":1}"u8]),
        Bytes("10 000 deep", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"error\":", 6_000)))),
        Bytes("10 000 arrays", Encoding.UTF8.GetBytes(new string('[', 10_000))),
        Bytes("longer than the limit", Encoding.UTF8.GetBytes("{\"error\":\"invalid_client\"}".PadRight(100_000))),
        Bytes("compressed", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0]),
    ];

    [TestCaseSource(nameof(ForeignBytes))]
    public async Task RequestTokenAsync_ErrorBodyOfForeignBytes_GivesTheStatusAlone(byte[] body, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways(HttpStatusCode.BadRequest, body);

        SpidException failure = await spid.FailAsync(cancellationToken);

        AssertStatusAlone(failure);
    }

    [TestCase("3537", 3537.0)]
    [TestCase("\"60\"", 60.0)]
    [TestCase("1.9", 1.0)]
    [TestCase("1e300", 31_557_600_000.0)]
    [TestCase("0", null)]
    [TestCase("-91", null)]
    [TestCase("null", null)]
    [TestCase("[60]", null)]
    public void Read_Reset_GivesPositiveSecondsOnly(string reset, double? seconds)
    {
        ErrorAnswer answer = ErrorAnswer.Read(Encoding.UTF8.GetBytes($$$"""{"request":{"reset":{{{reset}}}}}"""));

        Assert.That(answer.Reset?.TotalSeconds, Is.EqualTo(seconds));
    }

    [TestCase("""{"request":null}""")]
    [TestCase("""{"request":[{"reset":60}]}""")]
    [TestCase("""{"request":"reset"}""")]
    [TestCase("""{"reset":60}""")]
    public void Read_NoRequestObject_GivesNoReset(string body) =>
        Assert.That(ErrorAnswer.Read(Encoding.UTF8.GetBytes(body)).Reset, Is.Null);

    [Test(Description = "C2 protocol: invalid_client that comes and goes")]
    public async Task GetTokenAsync_CredentialsRefusedForAWhile_AreTriedAgainAfterTheMemory(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways(HttpStatusCode.Unauthorized, """{"error":"invalid_client"}""");
        SpidException first = await spid.FailThroughCacheAsync(cancellationToken);
        SpidException remembered = await spid.FailThroughCacheAsync(cancellationToken);
        spid.Http.Clear();
        spid.AnswerAlways(HttpStatusCode.OK, TokenBodies.Valid);

        spid.Time.Advance(TimeSpan.FromSeconds(30));
        ServerToken token = await spid.Tokens.GetTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.OAuthError, Is.EqualTo("invalid_client"));
            Assert.That(remembered.OAuthError, Is.EqualTo("invalid_client"));
            Assert.That(remembered, Is.Not.SameAs(first));
            Assert.That(token.AccessToken, Is.EqualTo("eQ2nUz5J"));
        }
    }

    private static void AssertStatusAlone(SpidException failure)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Configuration));
            Assert.That(failure.SpidStatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(failure.OAuthError, Is.Null);
            Assert.That(failure.RetryAfter, Is.Null);
            Assert.That(failure.InnerException, Is.Null);
            Assert.That(failure.Message, Is.EqualTo($"{MockSpid.TokenEndpoint} answered 400. Check ClientId, ClientSecret, Scope and Resources."));
        }
    }

    private static TestCaseData Bytes(string name, byte[] body) => new TestCaseData(body).SetArgDisplayNames(name);
}
