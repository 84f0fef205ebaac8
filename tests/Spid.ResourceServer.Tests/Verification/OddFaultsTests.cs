using System.Net;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>Faults that nobody expects: of handlers of the application, of proxies, of keys and clocks.</summary>
[CancelAfter(60_000)]
internal sealed class OddFaultsTests
{
    public static IEnumerable<Func<Exception>> Exceptions() =>
    [
        () => new TimeoutRejectedException(),
        () => new BrokenCircuitException(),
        () => new AuthenticationException(),
        () => new TimeoutException(),
        () => new InvalidOperationException(),
        () => new NotSupportedException(),
    ];

    [TestCaseSource(nameof(Exceptions))]
    public async Task VerifyAsync_HandlerThrowsWhileAsking_IsAnOutageWithABreak(Func<Exception> create)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => throw create();

        for (int call = 0; call < 30; call++)
        {
            SpidVerificationResult result = await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
            Assert.That(result.Status, Is.EqualTo(SpidVerificationStatus.Unavailable));
        }

        Assert.That(rig.Spid.Introspections, Is.LessThan(15));
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Unhealthy));
    }

    [TestCaseSource(nameof(Exceptions))]
    public async Task VerifyAsync_HandlerThrowsWhileKeysAreFetched_IsAnOutageWithAPause(Func<Exception> create)
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.Keys = _ => throw create();

        for (int call = 0; call < 5; call++)
        {
            Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(SpidVerificationReason.NoKeys));
        }

        Assert.That(rig.Spid.KeyFetches, Is.EqualTo(1));
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Unhealthy));
    }

    [TestCase(HttpStatusCode.BadRequest)]
    [TestCase(HttpStatusCode.NotFound)]
    [TestCase(HttpStatusCode.MethodNotAllowed)]
    [TestCase(HttpStatusCode.LengthRequired)]
    [TestCase(HttpStatusCode.RequestEntityTooLarge)]
    [TestCase(HttpStatusCode.RequestUriTooLong)]
    [TestCase(HttpStatusCode.UnsupportedMediaType)]
    [TestCase(HttpStatusCode.MisdirectedRequest)]
    [TestCase(HttpStatusCode.RequestHeaderFieldsTooLarge)]
    [TestCase(HttpStatusCode.UnavailableForLegalReasons)]
    public async Task VerifyAsync_StatusThatBlamesOneRequest_StopsNoOther(HttpStatusCode status)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(status));
        SpidVerificationReason blamed = await rig.ReasonAsync(rig.Sign(), CancellationToken.None);
        rig.AnswerActive();

        Assert.That(blamed, Is.EqualTo(SpidVerificationReason.IntrospectionFailed));
        Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(SpidVerificationReason.None));
        Assert.That(rig.Logger.Collector.GetSnapshot().Select(record => record.Level), Has.None.EqualTo(Microsoft.Extensions.Logging.LogLevel.Critical));
    }

    [TestCase(HttpStatusCode.Unauthorized, "")]
    [TestCase(HttpStatusCode.Forbidden, """{"error":"invalid_client_credentials"}""")]
    [TestCase(HttpStatusCode.NotFound, """{"error":"invalid_client"}""")]
    public async Task VerifyAsync_StatusOrCodeThatRefusesUs_PausesAllCalls(HttpStatusCode status, string body)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Json(body, status));
        await rig.VerifyAsync(rig.Sign(), CancellationToken.None);
        rig.AnswerActive();

        Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(SpidVerificationReason.CredentialsRefused));
        Assert.That(rig.Spid.Introspections, Is.EqualTo(1));
    }

    [TestCase(@"""\ud800""")]
    [TestCase("\"?\"")]
    public async Task VerifyAsync_TextThatIsNoneInOneKey_SpoilsNoOther(string operation)
    {
        using var rig = new VerifierRig(Mode.Local);
        string good = rig.Forge.Key().ToJsonString();
        byte[] set = Encoding.ASCII.GetBytes($$"""{"keys":[{{good.Replace(rig.Forge.KeyId, "other", StringComparison.Ordinal)[..^1]}},"key_ops":[{{operation}}]},{{good}}]}""");
        set.AsSpan().Replace((byte)'?', (byte)0xFF);
        rig.Spid.Keys = _ => Task.FromResult(StubSpid.Bytes(set, "application/json"));

        Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(SpidVerificationReason.None));
    }

    [Test]
    public async Task VerifyAsync_KeyListedWithAndWithoutAlgorithm_IsOneKey()
    {
        using var rig = new VerifierRig(Mode.Local);
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key(key => key.Remove("alg")), rig.Forge.Key()));

        Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(SpidVerificationReason.None));
    }

    [Test]
    public async Task VerifyAsync_KeyOfABusyTokenIsWithdrawn_ItsHitsRenewTheKeySet()
    {
        using var rig = new VerifierRig(options =>
        {
            Mode.Local(options);
            options.Cache.MaximumAge = TimeSpan.FromHours(1);
        });
        using var next = new Forge();
        string token = rig.Sign(claims => claims["exp"] = rig.Now.ToUnixTimeSeconds() + 7200);
        await rig.VerifyAsync(token, CancellationToken.None);
        rig.Spid.AnswerKeys(Forge.KeySet(next.Key()));
        rig.Time.Advance(TimeSpan.FromMinutes(17));

        await rig.VerifyAsync(token, CancellationToken.None);
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 2 && rig.Verifier.Keys.Find(next.KeyId) is not null, CancellationToken.None);

        Assert.That(await rig.ReasonAsync(token, CancellationToken.None), Is.EqualTo(SpidVerificationReason.UnknownKey));
    }

    [TestCase(253_402_300_799)]
    [TestCase(0)]
    public async Task VerifyAsync_TimeOfSpidIsDaysOff_OwnClockCounts(long now)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive(answer => answer["now"] = now);
        string token = rig.Sign();
        await rig.VerifyAsync(token, CancellationToken.None);
        rig.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(await rig.ReasonAsync(token, CancellationToken.None), Is.EqualTo(SpidVerificationReason.None));
    }

    [TestCase("cnf", """{"x5t#S256":"\ud800"}""")]
    [TestCase("type", @"""\ud800""")]
    public async Task VerifyAsync_AskedTokenSaysWhatIsNoText_IsRefused(string claim, string json)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive();

        Assert.That(await rig.ReasonAsync(rig.SignRaw(claim, Encoding.ASCII.GetBytes(json)), CancellationToken.None), Is.EqualTo(SpidVerificationReason.MalformedClaims));
    }

    [Test]
    public void Serialize_RefusedResult_LeavesTheTokenOut() => Assert.That(
        JsonSerializer.Serialize(SpidVerificationResult.Rejected(SpidVerificationReason.Expired)), Does.Not.Contain("Token\":"));
}
