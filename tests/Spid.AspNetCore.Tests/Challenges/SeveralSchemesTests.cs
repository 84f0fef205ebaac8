using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spid.AspNetCore.Tests.Frameworks;
using Spid.AspNetCore.Tests.Shared;
using Spid.Testing;

namespace Spid.AspNetCore.Tests.Challenges;

/// <summary>A policy with several schemes asks each for its answer, and the last one has the last word on the status.</summary>
internal sealed class SeveralSchemesTests
{
    [TestCase("SpidBearer,Foreign", 401)]
    [TestCase("Foreign,SpidBearer", 401)]
    [TestCase("SpidBearer,Foreign", 403)]
    [TestCase("SpidBearer,Foreign", 302)]
    [TestCase("Foreign,SpidBearer", 302)]
    [Description("Edge case 94: SPiD is down, and a scheme that is not SPiD's refuses")]
    public async Task Challenge_SpidDownAndAForeignSchemeRefuses_Is503WithBothAnswers(string schemes, int foreign)
    {
        await using ApiRig rig = await StartAsync(schemes, foreign);
        rig.Spid.Faults.Always(SpidEndpoint.Jwks, SpidFault.Status(500));
        rig.Spid.Faults.Always(SpidEndpoint.Introspection, SpidFault.Status(500));

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(503));
            Assert.That(response.Headers.GetValues("WWW-Authenticate"), Is.EqualTo(new[] { "Foreign" }));
            Assert.That(response.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
            Assert.That(response.Headers.CacheControl?.NoStore, Is.True);
        }
    }

    [TestCase("SpidBearer,Foreign", "Bearer realm=\"SPiD\" | Foreign")]
    [TestCase("Foreign,SpidBearer", "Foreign | Bearer realm=\"SPiD\"")]
    [Description("Edge case 94: nobody is unavailable")]
    public async Task Challenge_NoToken_Is401WithBothChallenges(string schemes, string expected)
    {
        await using ApiRig rig = await StartAsync(schemes, 401);

        using HttpResponseMessage response = await rig.GetAsync(null);

        Assert.That((int)response.StatusCode, Is.EqualTo(401));
        Assert.That(string.Join(" | ", response.Headers.GetValues("WWW-Authenticate")), Is.EqualTo(expected));
    }

    [TestCase(500)]
    [TestCase(429)]
    public async Task Challenge_ApplicationAnswersOtherwiseAfterwards_ItsStatusStays(int status)
    {
        await using ApiRig rig = await ApiRig.StartAsync(map: app =>
        {
            app.Use(async (context, next) =>
            {
                await next(context);
                context.Response.StatusCode = status;
            });
            ApiRig.MapMessages(app);
        });
        rig.Spid.Faults.Always(SpidEndpoint.Jwks, SpidFault.Status(500));
        rig.Spid.Faults.Always(SpidEndpoint.Introspection, SpidFault.Status(500));

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
    }

    [TestCase("https://other.example.com", Description = "the other scheme has refused the token")]
    [TestCase(ApiRig.Audience, Description = "the other scheme has accepted the token too")]
    public async Task Forbid_TwoSchemesOfSpid_MissingScopeIsNamedOnce(string otherAudience)
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseAuthorization();
                app.MapGet("/messages", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("SpidBearer", "Other").RequireSpidScope("admin"));
            },
            authentication: (builder, spid) => builder.AddSpidBearer("Other", options =>
            {
                ApiRig.Configure(options, spid);
                options.Audiences[0] = otherAudience;
            }));

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        Assert.That((int)response.StatusCode, Is.EqualTo(403));
        Assert.That(
            response.Headers.GetValues("WWW-Authenticate"),
            Is.EqualTo(new[] { "Bearer realm=\"SPiD\", error=\"insufficient_scope\", error_description=\"The token lacks a scope.\", scope=\"admin\"" }));
    }

    [TestCase("Api,SpidBearer")]
    [TestCase("SpidBearer,Api")]
    [Description("Edge case 94: a scheme that is not SPiD's lets the caller in, and nobody knows whether the token has the scope")]
    public async Task Forbid_SpidDownAndAForeignSchemeHasLetTheCallerIn_Is503(string schemes)
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseAuthorization();
                app.MapGet("/messages", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes(schemes.Split(',')).RequireSpidScope("read:messages"));
            },
            authentication: (builder, _) => builder.AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>("Api", null));
        string token = rig.Issue();
        using HttpResponseMessage bad = await rig.GetAsync(token[..^8] + "AAAAAAAA");
        rig.Spid.Faults.Always(SpidEndpoint.Jwks, SpidFault.Status(500));
        rig.Spid.Faults.Always(SpidEndpoint.Introspection, SpidFault.Status(500));
        string unknown = rig.Issue(spec => spec.Header["kid"] = "unknown");

        using HttpResponseMessage response = await rig.GetAsync(unknown);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)bad.StatusCode, Is.EqualTo(403), "the token is no good, so that the caller has not the scope");
            Assert.That((int)response.StatusCode, Is.EqualTo(503));
            Assert.That(response.Headers.WwwAuthenticate, Is.Empty);
            Assert.That(response.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
            Assert.That(response.Headers.CacheControl?.NoStore, Is.True);
        }
    }

    [TestCase("SpidBearer,Foreign")]
    [TestCase("Foreign,SpidBearer")]
    [Description("Edge case 94: the body says what the status says")]
    public async Task Challenge_SpidDownAndProblemDetails_BodyIs503Too(string schemes)
    {
        await using ApiRig rig = await StartAsync(schemes, 401, services => services.AddProblemDetails(), app => app.UseStatusCodePages());
        rig.Spid.Faults.Always(SpidEndpoint.Jwks, SpidFault.Status(500));
        rig.Spid.Faults.Always(SpidEndpoint.Introspection, SpidFault.Status(500));

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());

        JsonNode problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.That((int)response.StatusCode, Is.EqualTo(503));
        Assert.That((problem["status"]!.GetValue<int>(), problem["title"]!.GetValue<string>()), Is.EqualTo((503, "Service Unavailable")));
    }

    [TestCase("SpidBearer,Foreign", 401)]
    [TestCase("Foreign,SpidBearer", 401)]
    [TestCase("SpidBearer,Foreign", 302)]
    [Description("B23: a filter for all controllers asks two schemes")]
    public async Task Challenge_SpidDownAndAFilterOfMvc_BodyIs503Too(string schemes, int foreign)
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseStatusCodePages();
                app.MapControllers();
            },
            services: services => services.AddProblemDetails().AddControllers(options => options.Filters.Add(new AuthorizeFilter(
                new AuthorizationPolicyBuilder(schemes.Split(',')).RequireAuthenticatedUser().Build()))).AddApplicationPart(typeof(DraftsController).Assembly),
            authentication: (builder, _) => builder.AddScheme<ForeignOptions, ForeignHandler>("Foreign", options => options.Status = foreign));
        TakeDown(rig);

        await AssertUnavailableAsync(await rig.GetAsync(rig.Issue(), "/drafts"));
    }

    [TestCase("SpidBearer,Foreign", 401, false)]
    [TestCase("Foreign,SpidBearer", 401, false)]
    [TestCase("SpidBearer,Foreign", 302, false)]
    [TestCase("SpidBearer,Foreign", 401, true)]
    [Description("B23: the endpoint challenges two schemes, or a policy scheme that leads there")]
    public async Task Challenge_SpidDownAndResultOfAnEndpoint_BodyIs503Too(string schemes, int foreign, bool isForwarded)
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseStatusCodePages();
                app.UseAuthentication();
                app.MapGet("/drafts", () => Results.Challenge(null, isForwarded ? ["Either", "Foreign"] : schemes.Split(',')));
            },
            services: services => services.AddProblemDetails(),
            authentication: (builder, _) => builder
                .AddPolicyScheme("Either", null, options => options.ForwardDefault = SpidBearerDefaults.AuthenticationScheme)
                .AddScheme<ForeignOptions, ForeignHandler>("Foreign", options => options.Status = foreign));
        TakeDown(rig);

        await AssertUnavailableAsync(await rig.GetAsync(rig.Issue(), "/drafts"));
    }

    [TestCase("SpidBearer,Foreign", 401)]
    [TestCase("Foreign,SpidBearer", 401)]
    [Description("B23: what a log-in page answers to a bad token does not depend on the order")]
    public async Task Challenge_BadTokenAndAForeignSchemeRedirects_IsNoRedirect(string schemes, int expected)
    {
        await using ApiRig rig = await StartAsync(schemes, 302);

        using HttpResponseMessage response = await rig.GetAsync("opaque");

        Assert.That((int)response.StatusCode, Is.EqualTo(expected));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.Contain("invalid_token"));
        Assert.That(response.Headers.Location, Is.Null);
    }

    [TestCase("SpidBearer,Foreign")]
    [Description("B23: without a token nothing speaks against the log-in page")]
    public async Task Challenge_NoTokenAndAForeignSchemeRedirects_IsTheRedirect(string schemes)
    {
        await using ApiRig rig = await StartAsync(schemes, 302);

        using HttpResponseMessage response = await rig.GetAsync(null);

        Assert.That((int)response.StatusCode, Is.EqualTo(302));
        Assert.That(response.Headers.Location, Is.Not.Null);
    }

    private static void TakeDown(ApiRig rig)
    {
        rig.Spid.Faults.Always(SpidEndpoint.Jwks, SpidFault.Status(500));
        rig.Spid.Faults.Always(SpidEndpoint.Introspection, SpidFault.Status(500));
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage response)
    {
        JsonNode problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(503));
            Assert.That((problem["status"]!.GetValue<int>(), problem["title"]!.GetValue<string>()), Is.EqualTo((503, "Service Unavailable")));
            Assert.That(response.Headers.Location, Is.Null);
        }
    }

    private static Task<ApiRig> StartAsync(string schemes, int foreignStatus, Action<IServiceCollection>? services = null, Action<WebApplication>? use = null) => ApiRig.StartAsync(
        map: app =>
        {
            use?.Invoke(app);
            app.UseAuthorization();
            app.MapGet("/messages", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes(schemes.Split(',')).RequireAuthenticatedUser());
        },
        services: services,
        authentication: (builder, _) => builder.AddScheme<ForeignOptions, ForeignHandler>("Foreign", options => options.Status = foreignStatus));

    private sealed class ForeignOptions : AuthenticationSchemeOptions
    {
        public int Status { get; set; }
    }

    /// <summary>Knows nobody, and answers as schemes commonly do.</summary>
    private sealed class ForeignHandler(IOptionsMonitor<ForeignOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<ForeignOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            Response.StatusCode = Options.Status;
            if (Options.Status == 302)
            {
                Response.Headers.Location = "/log-in";
            }

            Response.Headers.Append("WWW-Authenticate", "Foreign");
            return Task.CompletedTask;
        }
    }
}
