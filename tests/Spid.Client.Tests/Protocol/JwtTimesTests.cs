using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using Spid.Client.Protocol;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Protocol;

[CancelAfter(60_000)]
internal sealed class JwtTimesTests
{
    private const long Now = 1_767_225_600;

    private static readonly TimeSpan Stated = TimeSpan.FromSeconds(900);

    [TestCase(Now + 300, Now, 300)]
    [TestCase(Now + 900, Now, 900)]
    [TestCase(Now + 1000, Now, 900)]
    [TestCase(Now + 1, Now, 1)]
    public void BoundLifetime_ExpiryEarlierThanStated_Wins(long expiry, long issued, int seconds) =>
        Assert.That(Bound($$"""{"exp":{{expiry}},"iat":{{issued}}}"""), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase(2 * 3600, 900)]
    [TestCase(3600 * 24 * 365, 900)]
    [TestCase(901, 900)]
    [TestCase(899, 900)]
    [TestCase(300, 900)]
    [TestCase(-899, 900)]
    [TestCase(-2 * 3600, 900)]
    [TestCase(-3600 * 24 * 365, 900)]
    [Test(Description = "A18 C1 R7")]
    public void BoundLifetime_WallClockWrong_IsExpiryMinusIssueTime(int clockAheadBySeconds, int seconds)
    {
        long issued = Now - clockAheadBySeconds;

        TimeSpan bound = Bound($$"""{"exp":{{issued + 900}},"iat":{{issued}}}""");

        Assert.That(bound, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [Test(Description = "A18")]
    public void BoundLifetime_WallClockWrongAndTokenShorterThanStated_IsExpiryMinusIssueTime(
        [Values(-7200, -100, 100, 899, 7200)] int clockAheadBySeconds, [Values("iat", "nbf")] string issueTime)
    {
        long issued = Now - clockAheadBySeconds;

        Assert.That(Bound($$"""{"exp":{{issued + 120}},"{{issueTime}}":{{issued}}}"""), Is.EqualTo(TimeSpan.FromSeconds(120)));
    }

    [Test(Description = "A18")]
    public void BoundLifetime_IssueTimeAndNotBefore_IssueTimeCounts() =>
        Assert.That(Bound($$"""{"exp":{{Now + 300}},"iat":{{Now}},"nbf":{{Now - 300}}}"""), Is.EqualTo(TimeSpan.FromSeconds(300)));

    [TestCase(-7200, 900)]
    [TestCase(-1, 900)]
    [TestCase(0, 900)]
    [TestCase(1, 60)]
    [TestCase(59, 60)]
    [TestCase(61, 61)]
    [TestCase(300, 300)]
    [TestCase(7200, 900)]
    [Test(Description = "A18 C1 R7")]
    public void BoundLifetime_NoIssueTime_LocalClockShortensToAMinuteAtMost(int secondsLeft, int seconds) =>
        Assert.That(Bound($$"""{"exp":{{Now + secondsLeft}}}"""), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [Test(Description = "A18: seconds and milliseconds mixed up")]
    public void BoundLifetime_IssueTimeAfterExpiry_LocalClockCounts() =>
        Assert.That(Bound($$"""{"exp":{{Now + 300}},"iat":{{Now}}000}"""), Is.EqualTo(TimeSpan.FromSeconds(300)));

    [Test(Description = "C2: a token that its own issuer made expired")]
    public void BoundLifetime_IssuedExpired_IsNotPositive() =>
        Assert.That(Bound($$"""{"exp":{{Now - 10}},"iat":{{Now - 5}}}"""), Is.LessThan(TimeSpan.Zero));

    [TestCase("{}")]
    [TestCase("""{"iat":1}""")]
    [TestCase("""{"exp":null}""")]
    [TestCase("""{"exp":true}""")]
    [TestCase("""{"exp":"soon"}""")]
    [TestCase("""{"exp":[1767225900]}""")]
    [TestCase("""{"exp":{}}""")]
    [TestCase("""{"exp":1767225900,"exp":1767225901}""")]
    [TestCase("""{"\ud800":1,"exp":1767225900}""")]
    [TestCase("""[{"exp":1767225900}]""")]
    [TestCase("null")]
    [TestCase("true")]
    [TestCase("1767225900")]
    [TestCase("\"text\"")]
    [TestCase("")]
    [TestCase("{\"exp\":1767225900")]
    [Test(Description = "CVE-2026-107723: a payload of another form is no payload")]
    public void BoundLifetime_PayloadWithoutUsableExpiry_KeepsTheStatedLifetime(string payload) =>
        Assert.That(Bound(payload), Is.EqualTo(Stated));

    [TestCase("\"1767225900\"", 300)]
    [TestCase("1767225900.75", 300)]
    [TestCase("1.7672259e9", 300)]
    [TestCase("1e300", 900)]
    [TestCase("9223372036854775807", 900)]
    public void BoundLifetime_ExpiryInAnotherNotation_IsRead(string expiry, int seconds) =>
        Assert.That(Bound($$"""{"exp":{{expiry}},"iat":{{Now}}}"""), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase("opaque")]
    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase("h.p")]
    [TestCase("h.eyJleHAiOjF9.s.t")]
    [TestCase("h.eyJleHAiOjF9.s.t.u")]
    [TestCase("h.*.s")]
    [TestCase("h.eyJleHAiOjF.s")]
    [TestCase("h.e.s")]
    [TestCase("h.eyJleHAiOjF9+/.s")]
    public void BoundLifetime_NoJwt_KeepsTheStatedLifetime(string token) =>
        Assert.That(JwtTimes.BoundLifetime(token, Stated, DateTimeOffset.FromUnixTimeSeconds(Now)), Is.EqualTo(Stated));

    [Test(Description = "CVE-2025-22868, CVE-2025-30204: a token of dots is not taken apart dot by dot")]
    public void BoundLifetime_TokenOfDots_AllocatesLittle()
    {
        string dots = new('.', 60_000);
        _ = JwtTimes.BoundLifetime(dots, Stated, DateTimeOffset.UnixEpoch);

        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = JwtTimes.BoundLifetime(dots, Stated, DateTimeOffset.UnixEpoch);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(140_000));
    }

    [Test(Description = "CVE-2026-107719: the cache never outlives exp")]
    public async Task GetTokenAsync_JwtThatExpiresEarlier_IsNotServedPastItsExpiry(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways(HttpStatusCode.OK, TokenBody($$"""{"exp":{{Now + 100}},"iat":{{Now}}}"""));

        ServerToken token = await spid.Tokens.GetTokenAsync(cancellationToken);
        spid.Time.Advance(TimeSpan.FromSeconds(100));

        Assert.That(token.ExpiresAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(Now + 100)));
        Assert.That(spid.Tokens.Cache.Default.SecondsLeft, Is.Null);
    }

    [Test(Description = "C2: an already expired token is served to the calls in hand and not kept")]
    public async Task GetTokenAsync_JwtIssuedExpired_HasNoLifetime(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways(HttpStatusCode.OK, TokenBody($$"""{"exp":{{Now - 10}},"iat":{{Now - 10}}}"""));

        ServerToken token = await spid.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(token.ExpiresAt, Is.Null);
        Assert.That(spid.Tokens.Cache.Default.SecondsLeft, Is.Null);
    }

    private static TimeSpan Bound(string payload) => JwtTimes.BoundLifetime(Jwt(payload), Stated, DateTimeOffset.FromUnixTimeSeconds(Now));

    private static string TokenBody(string payload) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"access_token":"{{Jwt(payload)}}","token_type":"Bearer","expires_in":900}""");

    private static string Jwt(string payload) => $"eyJhbGciOiJSUzI1NiJ9.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.c2ln";
}
