using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Introspection;

/// <summary>B3: introspection and the look-up of opaque tokens each have a pause, a limit and a breaker, so an outage of one is none of the other.</summary>
[CancelAfter(60_000)]
internal sealed class TwoEndpointsTests
{
    private const string Container = """{"data":{"clientId":"c","userId":null,"type":"CLIENT","expiresIn":600}}""";

    /// <summary>How an endpoint can stop all calls to itself.</summary>
    public static IEnumerable<TestCaseData> Outages() =>
    [
        new TestCaseData(500, "", null).SetArgDisplayNames("500"),
        new TestCaseData(503, "", "60").SetArgDisplayNames("503 with Retry-After"),
        new TestCaseData(429, "", "60").SetArgDisplayNames("429 with Retry-After"),
        new TestCaseData(420, "", "60").SetArgDisplayNames("420 with Retry-After"),
        new TestCaseData(401, "", null).SetArgDisplayNames("401"),
        new TestCaseData(403, "", null).SetArgDisplayNames("403"),
        new TestCaseData(400, """{"error":"invalid_client"}""", null).SetArgDisplayNames("invalid_client"),
    ];

    [TestCaseSource(nameof(Outages))]
    [Description("B3")]
    public async Task VerifyAsync_LookUpIsDown_IntrospectionGoesOn(int status, string body, string? retryAfter)
    {
        using VerifierRig rig = Create();
        rig.AnswerActive();
        rig.Spid.LookUp = (_, _, _) => Task.FromResult(Fail(status, body, retryAfter));

        for (int number = 0; number < 20; number++)
        {
            Assert.That((await rig.VerifyAsync($"opaque{number}", CancellationToken.None)).Status, Is.EqualTo(SpidVerificationStatus.Unavailable));
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(None));
            Assert.That((rig.Verifier.Introspection.Status, rig.Spid.Introspections), Is.EqualTo((IntrospectionStatus.Working, 1)));
            Assert.That(rig.Spid.LookUps, Is.LessThanOrEqualTo(10), "the look-up is spared");
            Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Degraded), "other tokens can be verified");
        }
    }

    [TestCaseSource(nameof(Outages))]
    [Description("B3")]
    public async Task VerifyAsync_IntrospectionIsDown_LookUpGoesOn(int status, string body, string? retryAfter)
    {
        using VerifierRig rig = Create();
        rig.Spid.Introspect = (_, _) => Task.FromResult(Fail(status, body, retryAfter));
        rig.Spid.LookUp = (_, _, _) => Task.FromResult(StubSpid.Json(Container));

        for (int number = 0; number < 20; number++)
        {
            Assert.That((await rig.VerifyAsync(rig.Sign(), CancellationToken.None)).Status, Is.EqualTo(SpidVerificationStatus.Unavailable));
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await rig.ReasonAsync("opaque", CancellationToken.None), Is.EqualTo(None));
            Assert.That(rig.Verifier.Introspection.LookUpStatus, Is.EqualTo(IntrospectionStatus.Working));
            Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Unhealthy));
        }
    }

    [TestCase(400, """{"error":"invalid_client_credentials"}""", IntrospectionStatus.CredentialsRefused)]
    [TestCase(404, "", IntrospectionStatus.Failing)]
    [TestCase(200, "{}", IntrospectionStatus.Failing)]
    [Description("B3: without a server token there is no look-up, whatever the token")]
    public async Task VerifyAsync_NoServerTokenToBeHad_LookUpIsSparedAndIntrospectionGoesOn(int status, string body, IntrospectionStatus expected, CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create();
        rig.Spid.Token = _ => StubSpid.Json(body, (HttpStatusCode)status);

        for (int number = 0; number < 20; number++)
        {
            await rig.VerifyAsync($"opaque{number}", cancellationToken);
        }

        rig.AnswerActive();
        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
        Assert.That((rig.Verifier.Introspection.LookUpStatus, rig.Spid.LookUps), Is.EqualTo((expected, 0)));
    }

    [Test(Description = "B3: look-ups that hang take no turns of introspection")]
    public async Task VerifyAsync_LookUpsHang_IntrospectionGoesOn(CancellationToken cancellationToken)
    {
        using VerifierRig rig = Create(options => (options.Introspection.MaximumConcurrency, options.Introspection.MaximumQueue) = (1, 0));
        rig.AnswerActive();
        rig.Spid.LookUp = (_, _, ended) => StubSpid.NeverAsync(ended);
        Task<SpidVerificationReason> hanging = rig.ReasonAsync("opaque", cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.LookUps == 1, cancellationToken);

        Assert.That(await rig.ReasonAsync(rig.Sign(), cancellationToken), Is.EqualTo(None));
        rig.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(await hanging, Is.EqualTo(IntrospectionFailed));
    }

    [TestCase(400, "")]
    [TestCase(403, """{"error":"invalid_request"}""")]
    [TestCase(404, "<html></html>")]
    [TestCase(200, """{"data":{"clientId":7,"expiresIn":60}}""")]
    [Description("B1, B3: an answer about one opaque token")]
    public async Task VerifyAsync_AnswerAboutOneOpaqueToken_StopsNoOther(int status, string body)
    {
        using VerifierRig rig = Create();
        rig.Spid.LookUp = (path, _, _) => Task.FromResult(path.Contains("bad", StringComparison.Ordinal) ? StubSpid.Json(body, (HttpStatusCode)status) : StubSpid.Json(Container));

        for (int number = 0; number < 30; number++)
        {
            Assert.That(await rig.ReasonAsync($"bad{number}", CancellationToken.None), Is.EqualTo(IntrospectionFailed));
        }

        await rig.VerifyAsync("bad0", CancellationToken.None);
        Assert.That(await rig.ReasonAsync("good", CancellationToken.None), Is.EqualTo(None));
        Assert.That(rig.Spid.LookUps, Is.EqualTo(31), "each is asked about once");
    }

    [Test(Description = "The address of an endpoint that never gave a usable answer is rather wrong")]
    public async Task CheckHealth_NoTokenWasEverAnswered_IsDegraded([Values] bool isLookUp)
    {
        using VerifierRig rig = Create();
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.NotFound));
        rig.Spid.LookUp = (_, _, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.NotFound));

        List<HealthStatus> seen = [];
        for (int number = 0; number < 10; number++)
        {
            seen.Add(await rig.HealthAsync());
            await rig.VerifyAsync(isLookUp ? $"opaque{number}" : rig.Sign(), CancellationToken.None);
        }

        Assert.That(seen, Is.All.EqualTo(HealthStatus.Healthy));
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Degraded));
        Assert.That(rig.Logger.Collector.GetSnapshot().Count(line => line.Id.Name == "TokenNotIntrospected"), Is.EqualTo(1));

        rig.AnswerActive();
        rig.Spid.LookUp = (_, _, _) => Task.FromResult(StubSpid.Json(Container));
        await rig.VerifyAsync(isLookUp ? "opaque" : rig.Sign(), CancellationToken.None);
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Healthy));
    }

    private static HttpResponseMessage Fail(int status, string body, string? retryAfter)
    {
        HttpResponseMessage response = StubSpid.Json(body, (HttpStatusCode)status);
        if (retryAfter is not null)
        {
            response.Headers.Add("Retry-After", retryAfter);
        }

        return response;
    }

    private static VerifierRig Create(Action<SpidVerifierOptions>? configure = null) => new(options =>
    {
        options.Audiences.Clear();
        (options.Mode, options.AudienceCheck, options.LookUpOpaqueTokens) = (SpidVerificationMode.Remote, SpidAudienceCheck.None, true);
        configure?.Invoke(options);
    });
}
