using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spid.AspNetCore.Scopes;
using Spid.AspNetCore.Tests.Frameworks;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;
using Spid.Testing;

namespace Spid.AspNetCore.Tests.Scopes;

/// <summary>Which scheme decides where scopes are required and the default scheme of the application knows nothing of tokens.</summary>
internal sealed class ScopeSchemeTests
{
    private const string Cookies = CookieAuthenticationDefaults.AuthenticationScheme;

    [TestCase("/extension")]
    [TestCase("/any")]
    [TestCase("/attribute")]
    [TestCase("/policy")]
    [TestCase("/inline")]
    [TestCase("/group")]
    [TestCase("/mvc")]
    [TestCase("/filter")]
    [Description("B19: the default scheme is one of cookies")]
    public async Task Scopes_DefaultSchemeIsOfCookies_AskSpid(string path)
    {
        await using ApiRig rig = await StartAsync();

        using HttpResponseMessage good = await rig.GetAsync(rig.Issue(), path);
        using HttpResponseMessage poor = await rig.GetAsync(rig.Issue(spec => spec.Scope = "other"), path);
        using HttpResponseMessage bad = await rig.GetAsync("opaque", path);
        using HttpResponseMessage stranger = await rig.GetAsync(null, path);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)good.StatusCode, Is.EqualTo(200));
            Assert.That((int)poor.StatusCode, Is.EqualTo(403));
            Assert.That(poor.Headers.WwwAuthenticate.ToString(), Does.Contain("insufficient_scope"));
            Assert.That((int)bad.StatusCode, Is.EqualTo(401));
            Assert.That(bad.Headers.WwwAuthenticate.ToString(), Does.Contain("invalid_token"));
            Assert.That((int)stranger.StatusCode, Is.EqualTo(401));
        }
    }

    [Test(Description = "B19: endpoints that require no scope go by the defaults of the application")]
    public async Task Authorization_WithoutScopes_AsksTheDefaultScheme()
    {
        await using ApiRig rig = await StartAsync();

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue(), "/page");

        Assert.That((int)response.StatusCode, Is.EqualTo(302));
    }

    [TestCase("/forbids", 403)]
    [TestCase("/challenges", 401)]
    [Description("B19: the application refuses after the scopes were found")]
    public async Task Results_OfAnEndpointThatRequiresScopes_AreNoLogInPage(string path, int expected)
    {
        await using ApiRig rig = await StartAsync();

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue(), path);

        Assert.That((int)response.StatusCode, Is.EqualTo(expected));
    }

    [TestCase("/messages", 200)]
    [TestCase("/partners", 403, Description = "the token is not for partners")]
    [TestCase("/partners-any", 403, Description = "the token is not for partners")]
    [TestCase("/both", 200)]
    [TestCase("/partners-policy", 403, Description = "the token is not for partners")]
    [Description("B19: the extension names a scheme")]
    public async Task RequireSpidScope_SchemeIsNamed_ThatOneDecides(string path, int expected)
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapGet("/messages", () => "").RequireSpidScope("read:messages");
                app.MapGet("/partners", () => "").RequireSpidScope(["read:messages"], "Partners");
                app.MapGet("/partners-any", () => "").RequireAnySpidScope(["read:messages", "admin"], "Partners");
                app.MapGet("/partners-policy", () => "").RequireAuthorization(policy => policy.RequireSpidScope("read:messages").AddAuthenticationSchemes("Partners"));
                app.MapGet("/both", () => "").RequireSpidScope(["read:messages"], "SpidBearer,Partners");
            },
            services: services => services.Configure<AuthenticationOptions>(options => options.DefaultScheme = Cookies),
            authentication: (builder, spid) => builder.AddCookie().AddSpidBearer("Partners", options =>
            {
                ApiRig.Configure(options, spid);
                options.Audiences[0] = "https://partners.example.com";
            }));

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue(), path);

        Assert.That((int)response.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public void RequireSpidScope_NoScheme_IsAnError()
    {
        WebApplication app = WebApplication.CreateSlimBuilder().Build();

        Assert.That(() => app.MapGet("/", () => "").RequireSpidScope(["a"], " "), Throws.ArgumentException);
        Assert.That(() => app.MapGet("/", () => "").RequireAnySpidScope(["a"], ""), Throws.ArgumentException);
        Assert.That(() => app.MapGet("/", () => "").RequireSpidScope(["a b"], "SpidBearer"), Throws.ArgumentException);
    }

    [TestCase(null, "One,Two", "https://one.example.com", 200, Description = "B19: each scheme has a name, so that all are asked")]
    [TestCase(null, "One,Two", "https://two.example.com", 200, Description = "B19: each scheme has a name, so that all are asked")]
    [TestCase(null, "One,Two", "https://three.example.com", 403, Description = "B19: no scheme accepts the token")]
    [TestCase(null, "SpidBearer,Two", "https://two.example.com", 403, Description = "B19: a scheme with a name is asked where it is named, and not beside the one without")]
    [TestCase("Two", "SpidBearer,Two", "https://two.example.com", 200, Description = "the default scheme decides")]
    [TestCase("Two", "SpidBearer,Two", "https://one.example.com", 403, Description = "the default scheme decides")]
    [TestCase("Chooser", "SpidBearer,Two", "https://two.example.com", 200, Description = "a policy scheme decides")]
    [TestCase("Chooser", "SpidBearer,Two", "https://one.example.com", 403, Description = "a policy scheme decides")]
    [TestCase("Cookies,SpidBearer", "SpidBearer", "https://one.example.com", 200, Description = "B19: cookies authenticate, and SPiD challenges")]
    [TestCase("SpidBearer,Cookies", "SpidBearer", "https://one.example.com", 200, Description = "B19: SPiD authenticates, and cookies challenge")]
    [TestCase("SpidBearer,Cookies", "SpidBearer", "https://two.example.com", 403, Description = "B19: SPiD authenticates, and cookies challenge")]
    [TestCase("none", "One,Two", "https://one.example.com", 200, Description = "B19: no default at all")]
    public async Task Scopes_SeveralSchemesOfSpid_AskTheRightOnes(string? defaults, string schemes, string audience, int expected)
    {
        await using ApiRig reference = await ApiRig.StartAsync();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<TimeProvider>(reference.Time);
        builder.Services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(reference.Spid.CreateHandler));
        AuthenticationBuilder authentication = builder.Services.AddAuthentication(options =>
        {
            string?[] names = defaults == "none" ? [null, null] : defaults is null ? [Cookies, Cookies] : [.. defaults.Split(','), .. defaults.Split(',')];
            (options.DefaultAuthenticateScheme, options.DefaultChallengeScheme) = (names[0], names[1]);
        }).AddCookie().AddPolicyScheme("Chooser", null, options => options.ForwardDefault = "Two");
        foreach (string scheme in schemes.Split(','))
        {
            authentication.AddSpidBearer(scheme, options =>
            {
                ApiRig.Configure(options, reference.Spid);
                options.Audiences[0] = scheme == "Two" ? "https://two.example.com" : "https://one.example.com";
            });
        }

        builder.Services.AddAuthorization();
        await using WebApplication app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/messages", (VerifiedToken token) => token.ClientId).RequireSpidScope("read:messages");
        await app.StartAsync();
        using HttpClient client = app.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", reference.Spid.Issue(new SpidTokenSpec { Scope = "read:messages", Audience = [audience] }));

        using HttpResponseMessage response = await client.GetAsync("/messages");

        Assert.That((int)response.StatusCode, Is.EqualTo(expected));
    }

    [Test(Description = "B19: without AddAuthorization nothing is registered that could not be made")]
    public void AddSpidBearer_WithoutAuthorization_ContainerIsValid()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAuthentication().AddSpidBearer(_ => { });

        Assert.That(() => builder.Services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }).Dispose(), Throws.Nothing);
    }

    private static Task<ApiRig> StartAsync() => ApiRig.StartAsync(
        map: app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapGet("/extension", (VerifiedToken token) => token.ClientId).RequireSpidScope("read:messages");
            app.MapGet("/any", (VerifiedToken token) => token.ClientId).RequireAnySpidScope("read:messages", "admin");
            app.MapGet("/attribute", [RequireSpidScope("read:messages")] (VerifiedToken token) => token.ClientId);
            app.MapGet("/policy", (VerifiedToken token) => token.ClientId).RequireAuthorization("read");
            app.MapGet("/inline", (VerifiedToken token) => token.ClientId).RequireAuthorization(policy => policy.RequireSpidScope("read:messages"));
            app.MapGroup("/group").RequireSpidScope("read:messages").MapGet("", (VerifiedToken token) => token.ClientId);
            app.MapGet("/page", () => "").RequireAuthorization();
            app.MapGet("/forbids", () => Results.Forbid()).RequireSpidScope("read:messages");
            app.MapGet("/challenges", () => Results.Challenge()).RequireSpidScope("read:messages");
            app.MapControllers();
        },
        services: services =>
        {
            services.Configure<AuthenticationOptions>(options => options.DefaultScheme = Cookies);
            services.AddAuthorizationBuilder().AddPolicy("read", policy => policy.RequireSpidScope("read:messages"));
            services.AddControllers(options => options.Filters.Add(new AuthorizeFilter(new AuthorizationPolicyBuilder().RequireSpidScope("read:messages").Build())))
                .AddApplicationPart(typeof(MessagesController).Assembly);
        },
        authentication: (builder, _) => builder.AddCookie());
}
