using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Introspection;

/// <summary>What the endpoint answers to one token concerns that token: no caller can stop introspection for others.</summary>
[CancelAfter(60_000)]
internal sealed class OneTokensAnswerTests
{
    private const int Rounds = 4;
    private const int BadTokensInARound = 12;

    /// <summary>Answers that a caller can cause by the token it sends.</summary>
    public static IEnumerable<TestCaseData> Answers() =>
    [
        Answer("400", 400, ""),
        Answer("400 invalid_request", 400, """{"error":"invalid_request"}"""),
        Answer("400 unsupported_token_type", 400, """{"error":"unsupported_token_type"}"""),
        Answer("400 invalid_token", 400, """{"error":"invalid_token"}"""),
        Answer("400 of the platform", 400, """{"error":{"code":400,"type":"ApiException"}}"""),
        Answer("400 page", 400, "<html></html>"),
        Answer("403", 403, ""),
        Answer("403 invalid_request", 403, """{"error":"invalid_request"}"""),
        Answer("403 unsupported_token_type", 403, """{"error":"unsupported_token_type"}"""),
        Answer("403 page", 403, "<html></html>"),
        Answer("404", 404, ""),
        Answer("404 with Retry-After", 404, "", "3600"),
        Answer("413", 413, ""),
        Answer("414", 414, ""),
        Answer("422", 422, """{"error":"invalid_grant"}"""),
        Answer("431", 431, ""),
        Answer("302 with Retry-After", 302, "", "3600"),
        Answer("204", 204, ""),
        Answer("empty", 200, ""),
        Answer("page", 200, "<html></html>"),
        Answer("no active", 200, """{"error":"invalid_request"}"""),
        Answer("half an answer", 200, """{"active":true,"scope":"read:mess"""),
        Answer("too long", 200, $$"""{"active":true,"scope":"{{new string('s', 70_000)}}"}"""),
        Answer("numeric subject", 200, """{"active":true,"client_id":"c","sub":12345}"""),
        Answer("expiry that is no time", 200, """{"active":true,"client_id":"c","exp":"tomorrow"}"""),
        Answer("active as text", 200, """{"active":"true","client_id":"c"}"""),
        Answer("no text", 200, """{"active":true,"client_id":"\ud800"}"""),
    ];

    [TestCaseSource(nameof(Answers))]
    public async Task VerifyAsync_FloodOfTokensWithThatAnswer_NoGoodTokenIsRefused(int status, string body, string? retryAfter)
    {
        using var rig = new VerifierRig(Mode.Remote);
        AnswerBad(rig, status, body, retryAfter);

        for (int round = 0; round < Rounds; round++)
        {
            for (int number = 0; number < BadTokensInARound; number++)
            {
                SpidVerificationResult bad = await rig.VerifyAsync(Bad(rig), CancellationToken.None);
                Assert.That((bad.Status, bad.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, IntrospectionFailed)));
            }

            Assert.That(await rig.ReasonAsync(rig.Sign(), CancellationToken.None), Is.EqualTo(None), $"round {round}");
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Healthy));
            Assert.That(rig.Logger.Collector.GetSnapshot().Select(record => record.Level), Has.None.EqualTo(LogLevel.Critical));
        }
    }

    [TestCaseSource(nameof(Answers))]
    public async Task VerifyAsync_TenTimesTheSameToken_OneCallAndTheWaitIsSaid(int status, string body, string? retryAfter)
    {
        using var rig = new VerifierRig(Mode.Remote);
        AnswerBad(rig, status, body, retryAfter);
        string bad = Bad(rig);

        for (int request = 0; request < 10; request++)
        {
            SpidVerificationResult result = await rig.VerifyAsync(bad, CancellationToken.None);
            Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, IntrospectionFailed)));
            Assert.That(result.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(10 - request)));
            rig.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(CallsAbout(rig, bad), Is.EqualTo(1));
        await rig.VerifyAsync(bad, CancellationToken.None);
        Assert.That(CallsAbout(rig, bad), Is.EqualTo(2), "it is remembered for as long as a refusal");
    }

    [Test(Description = "B2: what could not be read is remembered for the token, and its old facts serve meanwhile where StaleIfError allows")]
    public async Task VerifyAsync_RememberedTokenGetsAnAnswerThatCannotBeUsed_OldFactsServe(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.Cache.StaleIfError, options.Cache.RefreshAhead) = (SpidVerificationMode.Remote, TimeSpan.FromMinutes(1), false));
        string token = rig.Sign();
        rig.AnswerActive();
        await rig.VerifyAsync(token, cancellationToken);
        rig.Spid.AnswerIntrospection("{}");
        rig.Time.Advance(TimeSpan.FromSeconds(60));

        SpidVerificationReason[] reasons = [await rig.ReasonAsync(token, cancellationToken), await rig.ReasonAsync(token, cancellationToken)];

        Assert.That(reasons, Is.All.EqualTo(None));
        Assert.That(rig.Spid.Introspections, Is.EqualTo(2));
    }

    [Test(Description = "B1: no memory of refusals, no memory of faults")]
    public async Task VerifyAsync_NothingIsRemembered_EachRequestAsks(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.Cache.NegativeMaximumAge) = (SpidVerificationMode.Remote, TimeSpan.Zero));
        AnswerBad(rig, 400, "");
        string bad = Bad(rig);

        await rig.VerifyAsync(bad, cancellationToken);
        await rig.VerifyAsync(bad, cancellationToken);

        Assert.That(CallsAbout(rig, bad), Is.EqualTo(2));
    }

    [Test(Description = "B1: the next answer to the token counts, not the remembered fault")]
    public async Task EvictAsync_FaultOfTheToken_IsForgotten(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        string token = rig.Sign();
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.BadRequest));
        await rig.VerifyAsync(token, cancellationToken);
        rig.AnswerActive();

        await rig.Verifier.EvictAsync(token.AsMemory(), cancellationToken);

        Assert.That(await rig.ReasonAsync(token, cancellationToken), Is.EqualTo(None));
    }

    [TestCase(401, "")]
    [TestCase(401, """{"error":"invalid_token"}""")]
    [TestCase(400, """{"error":"invalid_client"}""")]
    [TestCase(403, """{"error":"unauthorized_client"}""")]
    [TestCase(404, """{"error":{"type":"invalid_client_id"}}""")]
    [Description("B1: these say that the credentials are refused")]
    public async Task VerifyAsync_AnswerSaysThatCredentialsAreRefused_AllCallsPause(int status, string body)
    {
        using var rig = new VerifierRig(Mode.Remote);
        AnswerBad(rig, status, body);

        SpidVerificationReason[] reasons = [await rig.ReasonAsync(Bad(rig), CancellationToken.None), await rig.ReasonAsync(rig.Sign(), CancellationToken.None)];

        Assert.That(reasons, Is.All.EqualTo(CredentialsRefused));
        Assert.That(await rig.HealthAsync(), Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(rig.Spid.Introspections, Is.EqualTo(1));
    }

    private static string Bad(VerifierRig rig) => rig.Sign(claims => claims["jti"] = "bad-" + Guid.NewGuid(), header => header["bad"] = true);

    /// <summary>Answers tokens whose header has a mark so, calls tokens of the rig active, and others inactive.</summary>
    private static void AnswerBad(VerifierRig rig, int status, string body, string? retryAfter = null)
    {
        string badHeader = Forge.Encode(WithMark(rig.Forge).ToJsonString());
        string goodHeader = Forge.Encode(rig.Forge.Header().ToJsonString());
        rig.AnswerActive();
        Func<string, CancellationToken, Task<HttpResponseMessage>> active = rig.Spid.Introspect;
        rig.Spid.Introspect = (request, cancelled) => request.Contains(badHeader, StringComparison.Ordinal)
            ? Task.FromResult(Create(status, body, retryAfter))
            : request.Contains(goodHeader, StringComparison.Ordinal) ? active(request, cancelled) : Task.FromResult(StubSpid.Json("""{"active":false}"""));
    }

    private static System.Text.Json.Nodes.JsonObject WithMark(Forge forge)
    {
        System.Text.Json.Nodes.JsonObject header = forge.Header();
        header["bad"] = true;
        return header;
    }

    private static int CallsAbout(VerifierRig rig, string token) => rig.Spid.Requests.Count(request => request.Body.Contains(token, StringComparison.Ordinal));

    private static HttpResponseMessage Create(int status, string body, string? retryAfter)
    {
        HttpResponseMessage response = StubSpid.Json(body, (HttpStatusCode)status);
        if (retryAfter is not null)
        {
            response.Headers.Add("Retry-After", retryAfter);
        }

        return response;
    }

    private static TestCaseData Answer(string name, int status, string body, string? retryAfter = null) =>
        new TestCaseData(status, body, retryAfter).SetArgDisplayNames(name).SetDescription(status == 200 ? "B2" : "B1");
}
