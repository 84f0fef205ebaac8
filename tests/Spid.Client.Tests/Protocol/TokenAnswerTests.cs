using System.Globalization;
using System.Net;
using System.Text;
using RichardSzalay.MockHttp;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Protocol;

/// <content>Bodies that hold a token.</content>
internal sealed partial class TokenAnswerTests
{
    private static readonly string Opaque = new('a', 40);

    public static IEnumerable<TestCaseData> SpidBodies() =>
    [
        Body("S1", $$"""{"access_token":"{{Opaque}}","expires_in":604800,"scope":null,"user_id":false,"is_admin":false,"refresh_token":"r","server_time":1392194793}""", Opaque, 604_800, null),
        Body("S2", $$"""{"access_token":"{{Opaque}}","expires_in":2419200,"scope":null,"user_id":false,"is_admin":false,"refresh_token":"r","token_type":"Bearer","server_time":1}""", Opaque, 2_419_200, null),
        Body("S3", """{"access_token":"a.b.c","expires_in":900,"scope":"read:messages write:messages","token_type":"Bearer"}""", "a.b.c", 900, "read:messages write:messages"),
        Body("S4", """{"scope":"openid","user_id":"42","is_admin":false,"token_type":"Bearer","access_token":"a.b.c","refresh_token":"d.e.f","expires_in":600,"id_token":"g.h.i","server_time":1}""", "a.b.c", 600, "openid"),
        Body("S5 scope empty", """{"access_token":"t","token_type":"Bearer","expires_in":3600,"user_id":"42","scope":""}""", "t", 3600, null),
        Body("S5 scope given", """{"access_token":"t","token_type":"Bearer","expires_in":3600,"scope":"profile email"}""", "t", 3600, "profile email"),
        Body("S6", """{"access_token":"t","token_type":"Bearer","expires_in":"300"}""", "t", 300, null),
        Body("slashes escaped", """{"access_token":"a\/b","expires_in":60,"scope":"https:\/\/a"}""", "a/b", 60, "https://a"),
        Body("names escaped", """{"\u0061ccess_token":"\u0074","expires_in":60}""", "t", 60, null),
        Body("byte order mark", "\ufeff" + """{"access_token":"t","expires_in":60}""", "t", 60, null),
        Body("white space around", "\r\n\t {\n \"access_token\" :\t\"t\" ,\r\n\"expires_in\": 60 } \n", "t", 60, null),
        Body("other members of any form", """{"access_token":"t","expires_in":60,"scope":["read"],"server_time":{},"x":[[[1e999,-0,null]]],"\u0000":"\ud83d\ude00"}""", "t", 60, null),
        Body("scope that is broken text", """{"access_token":"t","expires_in":60,"scope":"\ud800"}""", "t", 60, null),
        Body("longest token that fits", "{\"access_token\":\"" + new string('a', 65_000) + "\",\"expires_in\":60}", new string('a', 65_000), 60, null),
        Body("every character of a token", """{"access_token":"!#$%&'()*+,-./:;<=>?@[]^_`{|}~","expires_in":60}""", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~", 60, null),
    ];

    [TestCaseSource(nameof(SpidBodies))]
    [Test(Description = "spid.md 1.4: S1 to S6; RFC 6749 sections 4.4.3 and 5.1: unknown members and refresh tokens are ignored")]
    public async Task Read_BodyWithAToken_GivesTokenLifetimeAndScope(string body, string accessToken, int lifetime, string? scope, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways(HttpStatusCode.OK, Encoding.UTF8.GetBytes(body));

        ServerToken token = await spid.Tokens.GetTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.AccessToken, Is.EqualTo(accessToken));
            Assert.That(token.ExpiresAt, Is.EqualTo(spid.Time.Start + TimeSpan.FromSeconds(lifetime)));
            Assert.That(token.Scope, Is.EqualTo(scope));
            Assert.That(spid.Tokens.Cache.Default.SecondsLeft, Is.EqualTo(lifetime));
        }
    }

    [TestCase("""{"expires_in":300,"token_type":"Bearer","refresh_token":"r"}""")]
    [TestCase("""{}""")]
    [Test(Description = "spid.md 1.4: S7")]
    public async Task Read_BrokenBodyOfSpid_IsAProtocolError(string body, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways(HttpStatusCode.OK, body);

        SpidException failure = await spid.FailAsync(cancellationToken);

        Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Protocol));
        Assert.That(failure.Message, Does.Contain("it has no access_token"));
    }

    [TestCase("1", 1.0)]
    [TestCase("900", 900.0)]
    [TestCase("900.9", 900.0)]
    [TestCase("9e2", 900.0)]
    [TestCase("\"900\"", 900.0)]
    [TestCase("\" 900 \"", 900.0)]
    [TestCase("\"900.5\"", 900.0)]
    [TestCase("2419200", 2_419_200.0)]
    [TestCase("1e300", 31_557_600_000.0)]
    [TestCase("99999999999999999999999999", 31_557_600_000.0)]
    [TestCase("\"1e300\"", 31_557_600_000.0)]
    public async Task Read_PositiveLifetime_IsUsedInWholeSecondsUpToAThousandYears(string expiresIn, double seconds, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways(HttpStatusCode.OK, $$"""{"access_token":"t","expires_in":{{expiresIn}}}""");

        ServerToken token = await spid.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(token.ExpiresAt, Is.EqualTo(spid.Time.Start + TimeSpan.FromSeconds(seconds)));
        Assert.That(spid.Tokens.Cache.Default.SecondsLeft, Is.EqualTo(seconds));
    }

    [TestCase("0")]
    [TestCase("-0")]
    [TestCase("-1")]
    [TestCase("0.9")]
    [TestCase("1e-9")]
    [TestCase("-1e300")]
    [TestCase("null")]
    [TestCase("true")]
    [TestCase("false")]
    [TestCase("\"\"")]
    [TestCase("\"NaN\"")]
    [TestCase("\"soon\"")]
    [TestCase("\"0x384\"")]
    [TestCase("\"9,00\"")]
    [TestCase("\"\\ud800\"")]
    [TestCase("[900]")]
    [TestCase("{\"seconds\":900}")]
    [TestCase("")]
    public async Task Read_NoUsableLifetime_ServesTheTokenForOneSecond(string expiresIn, CancellationToken cancellationToken)
    {
        string member = expiresIn.Length == 0 ? "" : $",\"expires_in\":{expiresIn}";
        using var spid = new MockSpid();
        int answers = 0;
        spid.Http.When(HttpMethod.Post, MockSpid.TokenEndpoint).Respond(
            _ => StubSpid.Json(HttpStatusCode.OK, string.Create(CultureInfo.InvariantCulture, $$"""{"access_token":"t{{++answers}}"{{member}}}""")));

        ServerToken first = await spid.Tokens.GetTokenAsync(cancellationToken);
        spid.Time.Advance(TimeSpan.FromSeconds(1));
        ServerToken second = await spid.Tokens.GetTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.ExpiresAt, Is.Null);
            Assert.That(first.AccessToken, Is.EqualTo("t1"));
            Assert.That(second.AccessToken, Is.EqualTo("t2"));
            Assert.That(spid.Tokens.Cache.Default.SecondsLeft, Is.Null);
        }
    }

    [TestCase("")]
    [TestCase(",\"token_type\":null")]
    [TestCase(",\"token_type\":\"Bearer\"")]
    [TestCase(",\"token_type\":\"bearer\"")]
    [TestCase(",\"token_type\":\"BEARER\"")]
    [TestCase(",\"token_type\":\"\\u0042earer\"")]
    [Test(Description = "RFC 6749 section 5.1: token_type is compared without case; SPiD's oldest answers omit it")]
    public async Task Read_BearerOrNoTokenType_IsAccepted(string member, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways(HttpStatusCode.OK, $$"""{"access_token":"t","expires_in":900{{member}}}""");

        ServerToken token = await spid.Tokens.RequestTokenAsync(cancellationToken);

        Assert.That(token.Authorization.ToString(), Is.EqualTo("Bearer t"));
    }

    [TestCase("", null)]
    [TestCase(",\"scope\":\"\"", null)]
    [TestCase(",\"scope\":null", null)]
    [TestCase(",\"scope\":\"read\"", "read")]
    [TestCase(",\"scope\":\"read write admin\"", "read write admin")]
    [TestCase(",\"scope\":\"other\"", "other")]
    [Test(Description = "CVE-2022-31690, RFC 6749 section 5.1: a missing scope is not read as any particular grant")]
    public async Task Read_ScopeMissingNarrowerOrWider_IsExposedAsStated(string member, string? scope, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.Scope = "read write");
        spid.AnswerAlways(HttpStatusCode.OK, $$"""{"access_token":"t","expires_in":900{{member}}}""");

        ServerToken token = await spid.Tokens.RequestTokenAsync(cancellationToken);

        Assert.That(token.Scope, Is.EqualTo(scope));
    }

    private static TestCaseData Body(string name, string body, string accessToken, int lifetime, string? scope) =>
        new TestCaseData(body, accessToken, lifetime, scope).SetArgDisplayNames(name);
}
