using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.AspNetCore.Tests.Challenges;

/// <summary>What callers get while SPiD is down, and what operators see.</summary>
internal sealed class OutageTests
{
    [Test(Description = "R15: what is remembered serves to the end of its time, then it is 503 with Retry-After, and good again with SPiD")]
    public async Task Requests_IntrospectionGoesDown_AreServedToTheEndOfTheAgeAndThen503()
    {
        await using PipelineRig rig = await PipelineRig.StartAsync(options => options.Mode = SpidVerificationMode.Remote);
        string token = rig.Sign();
        Assert.That(await rig.GetAsync(token), Is.EqualTo(Answer.LetIn));
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));

        for (int second = 1; second <= 59; second++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.That(await rig.GetAsync(token), Is.EqualTo(Answer.LetIn), $"after {second} s");
        }

        rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await rig.GetAsync(token), Is.EqualTo(Answer.Unavailable(5)));
        rig.AnswerActive();
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await rig.GetAsync(token), Is.EqualTo(Answer.LetIn));
    }

    [Test(Description = "R15: a flood of tokens that nobody remembers")]
    public async Task Requests_FloodDuringAnOutage_AreAll503WithRetryAfterAndCauseFewCalls()
    {
        await using PipelineRig rig = await PipelineRig.StartAsync(options => options.Mode = SpidVerificationMode.Remote);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        string content = rig.Sign();

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(number => rig.GetAsync($"{content[..content.LastIndexOf('.')]}.{number:x8}")));

        Assert.That(answers.Select(answer => (answer.Status, answer.Challenge, answer.CacheControl)), Is.All.EqualTo((503, "", "no-store")));
        Assert.That(answers.Select(answer => int.Parse(answer.RetryAfter, System.Globalization.CultureInfo.InvariantCulture)), Is.All.InRange(1, 5));
        Assert.That(rig.Spid.Introspections, Is.LessThan(300));
        Assert.That(rig.Spid.MostRunning, Is.LessThanOrEqualTo(64));
    }

    [TestCase(HttpStatusCode.BadRequest)]
    [TestCase(HttpStatusCode.Unauthorized)]
    [TestCase(HttpStatusCode.Forbidden)]
    [Description("Edge case 90: our own credentials are refused")]
    public async Task Requests_CredentialsRefused_Are503AndTheOperatorIsTold(HttpStatusCode status)
    {
        await using PipelineRig rig = await PipelineRig.StartAsync(
            options => options.Mode = SpidVerificationMode.Remote, services: services => services.AddHealthChecks().AddSpidTokenVerification());
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Json("""{"error":"invalid_client"}""", status));

        Answer[] answers = [await rig.GetAsync(rig.Sign()), await rig.GetAsync(rig.Sign())];

        Assert.That(answers, Is.All.EqualTo(Answer.Unavailable(5)));
        Assert.That(rig.Spid.Introspections, Is.EqualTo(1), "the endpoint is left alone");
        Assert.That(rig.Logs.Lines.Where(line => line.StartsWith("Critical", StringComparison.Ordinal)), Has.Exactly(1).Contains("IntrospectionRefused"));
        HealthReport report = await rig.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.That(report.Status, Is.EqualTo(HealthStatus.Unhealthy));
    }
}
