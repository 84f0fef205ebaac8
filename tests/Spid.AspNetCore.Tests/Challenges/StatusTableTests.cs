using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;
using Spid.ResourceServer.Verification;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.AspNetCore.Tests.Challenges;

/// <summary>Edge case 90: which outcome gives which answer, under both mappings.</summary>
internal sealed class StatusTableTests
{
    private const string Bare = "Bearer realm=\"SPiD\"";
    private const string Invalid = Bare + ", error=\"invalid_token\", error_description=\"";

    public static IEnumerable<TestCaseData> Rows()
    {
        SpidVerificationReason[] rejected =
        [
            OpaqueToken, UnsupportedHeader, UnsupportedAlgorithm, NotVerifiableLocally, UnknownKey, BadSignature, MalformedClaims, NotActive, Expired, NotYetValid,
            NoExpiry, NotAnAccessToken, ProofMissing, RefusedByApplication,
        ];
        return
        [
            .. rejected.SelectMany(reason => Both(SpidVerificationResult.Rejected(reason), 401, 401, Invalid)),
            Row(SpidVerificationResult.Rejected(MalformedToken), SpidFailureMapping.Spid, 401, Invalid),
            Row(SpidVerificationResult.Rejected(MalformedToken), SpidFailureMapping.Rfc6750, 400, Bare + ", error=\"invalid_request\", error_description=\""),
            .. Both(SpidVerificationResult.Forbidden(WrongIssuer), 403, 401, Invalid),
            .. Both(SpidVerificationResult.Forbidden(WrongAudience), 403, 401, Invalid),
            .. Both(SpidVerificationResult.Forbidden(ClientNotAllowed), 403, 403, Bare),
            .. Both(SpidVerificationResult.Forbidden(UserToken), 403, 403, Bare),
            .. new[] { IntrospectionFailed, CredentialsRefused, Throttled, CircuitOpen, TooManyCalls, NoKeys }
                .SelectMany(reason => Both(SpidVerificationResult.Unavailable(reason), 503, 503, "")),
        ];
    }

    [TestCaseSource(nameof(Rows))]
    public async Task Challenge_Outcome_GivesThatAnswer(SpidVerificationResult result, SpidFailureMapping mapping, int status, string challenge)
    {
        await using ApiRig rig = await ApiRig.StartAsync(options => options.FailureMapping = mapping, services: services => Replace(services, result));

        using HttpResponseMessage response = await rig.GetAsync("token");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(status));
            Assert.That(response.Headers.WwwAuthenticate.ToString(), challenge.EndsWith('"') && challenge != Bare ? Does.StartWith(challenge) : Is.EqualTo(challenge));
            Assert.That(response.Headers.CacheControl?.NoStore, Is.True);
            Assert.That(response.Headers.RetryAfter is not null, Is.EqualTo(status == 503), "Edge case 95");
        }
    }

    [TestCase(SpidFailureMapping.Spid, 401)]
    [TestCase(SpidFailureMapping.Rfc6750, 400)]
    public async Task Challenge_TwoTokens_IsAnInvalidRequest(SpidFailureMapping mapping, int status)
    {
        await using ApiRig rig = await ApiRig.StartAsync(options => options.FailureMapping = mapping);

        using HttpResponseMessage response = await rig.SendHeaderAsync("Bearer one", "Bearer two");

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.Contain("error=\"invalid_request\""));
    }

    [TestCase(null, "5")]
    [TestCase(0.2, "1")]
    [TestCase(17.1, "18")]
    [Description("Edge case 95")]
    public async Task Challenge_Unavailable_SaysWhenToTryAgain(double? seconds, string expected)
    {
        var result = SpidVerificationResult.Unavailable(Throttled, seconds is { } value ? TimeSpan.FromSeconds(value) : null);
        await using ApiRig rig = await ApiRig.StartAsync(services: services => Replace(services, result));

        using HttpResponseMessage response = await rig.GetAsync("token");

        Assert.That(response.Headers.GetValues("Retry-After"), Is.EqualTo(new[] { expected }));
    }

    [Test(Description = "Edge case 91")]
    public void Descriptions_OfAllReasons_StayInTheCharactersOfTheHeader()
    {
        string[] texts = [.. Enum.GetValues<SpidVerificationReason>().Select(AspNetCore.Challenges.Descriptions.Of)];

        Assert.That(texts, Is.All.Not.Empty);
        Assert.That(texts.SelectMany(text => text), Is.All.InRange(' ', '~').And.None.EqualTo('"').And.None.EqualTo('\\'));
    }

    [Test(Description = "Edge case 91: nothing of a hostile token is repeated")]
    public async Task Challenge_HostileClaims_NothingOfThemIsInTheAnswer()
    {
        await using ApiRig rig = await ApiRig.StartAsync();
        string token = rig.Issue(spec =>
        {
            spec.Issuer = "https://evil.example.com/\", error=\"x\r\nSet-Cookie: a=b";
            spec.Scope = "\"\\ evil";
        });

        using HttpResponseMessage response = await rig.GetAsync(token);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(response.Headers.ToString(), Does.Not.Contain("evil").And.Not.Contain("Set-Cookie"));
    }

    [Test(Description = "Edge case 92")]
    public async Task Forbid_NestedPolicies_ScopesAreListedOnce()
    {
        await using ApiRig rig = await ApiRig.StartAsync(map: app =>
        {
            app.UseAuthorization();
            RouteGroupBuilder group = app.MapGroup("/").RequireSpidScope("admin", "write:messages");
            group.MapGet("/messages", () => "").RequireSpidScope("write:messages").RequireAnySpidScope("a", "b");
        });

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.Contain("scope=\"admin write:messages a b\""));
    }

    [Test(Description = "Edge case 93")]
    public async Task Anonymous_SpidDownOrTokenBad_EndpointRuns()
    {
        await using ApiRig rig = await ApiRig.StartAsync(services: services => Replace(services, SpidVerificationResult.Unavailable(NoKeys)));

        using HttpResponseMessage response = await rig.GetAsync("token", "/open");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("nobody"));
    }

    [TestCase("SpidBearer,Other")]
    [TestCase("Other,SpidBearer")]
    [Description("Edge case 94: one scheme cannot decide, the other refuses")]
    public async Task Challenge_TwoSchemesOneUnavailable_AnswerIs503AndTheOtherChallengeIsThere(string schemes)
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseAuthorization();
                app.MapGet("/messages", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes(schemes.Split(',')).RequireAuthenticatedUser());
            },
            services: services => services
                .AddKeyedSingleton<ISpidTokenVerifier>(SpidBearerDefaults.AuthenticationScheme, new StubVerifier(SpidVerificationResult.Unavailable(NoKeys)))
                .AddKeyedSingleton<ISpidTokenVerifier>("Other", new StubVerifier(SpidVerificationResult.Rejected(Expired))),
            authentication: (builder, spid) => builder.AddSpidBearer("Other", options => ApiRig.Configure(options, spid)));

        using HttpResponseMessage response = await rig.GetAsync("token");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.Contain("expired"));
    }

    [Test(Description = "Edge case 96")]
    public async Task Challenge_ResponseHasStarted_IsLeftAlone()
    {
        await using ApiRig rig = await ApiRig.StartAsync(map: app => app.Run(async context =>
        {
            await context.Response.WriteAsync("begun");
            await Microsoft.AspNetCore.Authentication.AuthenticationHttpContextExtensions.ChallengeAsync(context);
        }));

        using HttpResponseMessage response = await rig.GetAsync(null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("begun"));
    }

    [TestCase("HEAD", 401)]
    [TestCase("OPTIONS", 405)]
    [Description("Edge case 97")]
    public async Task Request_HeadAndOptions_AreTreatedAsTheyAre(string method, int status)
    {
        await using ApiRig rig = await ApiRig.StartAsync(map: app =>
        {
            app.UseAuthorization();
            app.MapMethods("/messages", ["GET", "HEAD"], () => "").RequireSpidScope("read:messages");
        });

        using HttpResponseMessage response = await rig.SendAsync(new HttpMethod(method), null);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Headers.WwwAuthenticate.Count, Is.EqualTo(status == 401 ? 1 : 0));
    }

    [Test]
    public async Task Challenge_HostUsesProblemDetails_BodyIsOne()
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseStatusCodePages();
                ApiRig.MapMessages(app);
            },
            services: services => services.AddProblemDetails());

        using HttpResponseMessage response = await rig.GetAsync(null);

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("\"status\":401"));
    }

    private static void Replace(IServiceCollection services, SpidVerificationResult result) =>
        services.AddKeyedSingleton<ISpidTokenVerifier>(SpidBearerDefaults.AuthenticationScheme, new StubVerifier(result));

    private static TestCaseData[] Both(SpidVerificationResult result, int spid, int rfc, string challenge) =>
        [Row(result, SpidFailureMapping.Spid, spid, challenge), Row(result, SpidFailureMapping.Rfc6750, rfc, challenge)];

    private static TestCaseData Row(SpidVerificationResult result, SpidFailureMapping mapping, int status, string challenge) =>
        new TestCaseData(result, mapping, status, challenge).SetArgDisplayNames(result.ToString(), mapping.ToString(), $"{status}");
}
