using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spid.AspNetCore.Tests.Shared;
using Spid.Testing;

namespace Spid.AspNetCore.Tests.DependencyInjection;

/// <summary>The ways to register the scheme.</summary>
internal sealed class SpidBearerAuthenticationBuilderExtensionsTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task AddSpidBearer_ConfigurationSection_IsReadAndFollowed(bool isUsualSection)
    {
        const string Section = "Authentication:Schemes:SpidBearer:";
        await using SpidServer spid = SpidServer.Create();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [Section + "Authority"] = spid.BaseAddress.AbsoluteUri,
            [Section + "Audiences:0"] = ApiRig.Audience,
            [Section + "Realm"] = "first",
        });
        builder.Services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(spid.CreateHandler));
        AuthenticationBuilder authentication = builder.Services.AddAuthentication(SpidBearerDefaults.AuthenticationScheme);
        _ = isUsualSection ? authentication.AddSpidBearer() : authentication.AddSpidBearer(builder.Configuration.GetSection("Authentication:Schemes:SpidBearer"));
        builder.Services.AddAuthorization();
        await using WebApplication application = builder.Build();
        ApiRig.MapMessages(application);
        await application.StartAsync();
        using HttpClient client = application.GetTestClient();

        using HttpResponseMessage before = await client.GetAsync("/messages");
        ((IConfigurationRoot)application.Configuration)[Section + "Realm"] = "second";
        ((IConfigurationRoot)application.Configuration).Reload();
        using HttpResponseMessage after = await client.GetAsync("/messages");

        Assert.That(before.Headers.WwwAuthenticate.ToString(), Does.Contain("first"));
        Assert.That(after.Headers.WwwAuthenticate.ToString(), Does.Contain("second"));
    }

    [Test(Description = "A31")]
    public void AddSpidBearer_TwoSectionsForOneScheme_NamesBoth()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().Build();
        AuthenticationBuilder authentication = new ServiceCollection().AddAuthentication().AddSpidBearer().AddSpidBearer(_ => { });
        authentication.AddSpidBearer(configuration.GetSection("Authentication:Schemes:SpidBearer"));

        Assert.That(
            () => authentication.AddSpidBearer(configuration.GetSection("Api")),
            Throws.InvalidOperationException.With.Message.StartsWith("There are two configurations of authentication scheme 'SpidBearer', section 'Authentication:Schemes:SpidBearer' and section 'Api': "));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Test(Description = "A32")]
    public void StartAsync_SectionIsMissing_SaysWhichAndWhatToSet(bool isUsualSection)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        AuthenticationBuilder authentication = builder.Services.AddAuthentication();
        _ = isUsualSection ? authentication.AddSpidBearer() : authentication.AddSpidBearer(builder.Configuration.GetSection("Authentication:Schemes:SpidBearer"));
        WebApplication application = builder.Build();

        Assert.That(() => application.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.EqualTo(
            "Configuration section 'Authentication:Schemes:SpidBearer' is empty or does not exist: set its keys, for example by the environment variables "
            + "Authentication__Schemes__SpidBearer__Environment, Authentication__Schemes__SpidBearer__Audiences__0. (options of authentication scheme 'SpidBearer')"));
    }

    [Test]
    public async Task AddSpidBearer_TwiceForOneScheme_AddsOptionsAndRegistersOnce()
    {
        await using ApiRig rig = await ApiRig.StartAsync(authentication: (builder, _) => builder.AddSpidBearer(options => options.Realm = "again"));

        using HttpResponseMessage response = await rig.GetAsync(null);

        Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Bearer realm=\"again\""));
    }

    [Test(Description = "Edge case 79: one token at two schemes")]
    public async Task AddSpidBearer_TwoSchemes_EachHasItsOwnAuthorityAndVerdict()
    {
        await using SpidServer other = SpidServer.Create(options => options.InMemoryAddress = new Uri("https://other.test/"));
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseAuthorization();
                app.MapGet("/messages", () => "").RequireSpidScope("read:messages");
                app.MapGet("/other", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Other").RequireSpidScope("read:messages"));
            },
            services: services => services.AddHttpClient("Spid.ResourceServer:Other").ConfigurePrimaryHttpMessageHandler(other.CreateHandler),
            authentication: (builder, _) => builder.AddSpidBearer("Other", options =>
            {
                options.Authority = other.BaseAddress;
                options.Audiences.Add(ApiRig.Audience);
            }));
        string token = rig.Issue();

        HttpStatusCode[] answers = [(await rig.GetAsync(token)).StatusCode, (await rig.GetAsync(token, "/other")).StatusCode];

        Assert.That(answers, Is.EqualTo(new[] { HttpStatusCode.OK, HttpStatusCode.Forbidden }), "the issuer is another one, whoever signed it");
    }

    [Test]
    public async Task AddSpidBearer_AddressesOfAnotherServerInTheConfiguration_AreAskedAndPlainHttpIsSaid()
    {
        await using ApiRig rig = await ApiRig.StartAsync(
            map: app =>
            {
                app.UseAuthorization();
                app.MapGet("/mesh", () => "").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Mesh").RequireSpidScope("read:messages"));
            },
            authentication: (builder, spid) => builder.AddSpidBearer("Mesh", new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Authority"] = "http://spid:5901/oauth2/default",
                ["AllowPlainHttp"] = "true",
                ["JwksEndpoint"] = "http://spid:5901/oauth/jwks",
                ["Issuers:0"] = spid.BaseAddress.AbsoluteUri,
                ["Audiences:0"] = ApiRig.Audience,
            }).Build()));

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue(), "/mesh");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(rig.Logs.Lines, Has.Exactly(1).Contains("VerifierPlainHttpAllowed"));
        Assert.That(rig.Logs.Lines, Has.Exactly(1).StartsWith("Warning Spid.ResourceServer.Verification.ISpidTokenVerifier VerifierPlainHttpAllowed SPiD verifier 'Mesh' has AllowPlainHttp set and uses http://spid:5901/oauth2/default"));
    }

    [TestCase("Realm", "a\"b", "Realm is empty or has characters")]
    [TestCase("Realm", "", "Realm is empty or has characters")]
    [TestCase("Resource", "relative", "Resource is no https URI")]
    [TestCase("Resource", "https://x.example.com/#a", "Resource is no https URI")]
    [TestCase("Resource", "http://x.example.com/", "Resource is no https URI")]
    [TestCase("QueryTokenPaths:0", "hubs", "QueryTokenPaths has 'hubs'")]
    [TestCase("QueryTokenPaths:0", "/", "QueryTokenPaths has '/'")]
    [TestCase("QueryTokenPaths:0", "/hubs/", "QueryTokenPaths has '/hubs/'")]
    [TestCase("QueryTokenPaths:0", "/hubs/*", "QueryTokenPaths has '/hubs/*'")]
    [TestCase("QueryTokenPaths:0", "/my%20hubs", "QueryTokenPaths has '/my%20hubs'")]
    [TestCase("FailureMapping", "7", "FailureMapping is unknown")]
    public async Task StartAsync_WrongOption_IsNamed(string option, string value, string expected)
    {
        IConfiguration section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [option] = value }).Build();

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(
            () => ApiRig.StartAsync(authentication: (builder, _) => builder.AddSpidBearer(SpidBearerDefaults.AuthenticationScheme, section)));

        Assert.That(exception!.Failures, Has.Some.StartsWith(expected));
    }

    [Test]
    public async Task StartAsync_NoEvents_IsNamed()
    {
        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => ApiRig.StartAsync(options => options.Events = null!));

        Assert.That(exception!.Failures, Has.Some.StartsWith("Events is null"));
    }

    [TestCase("Audienc:0", "x", "Audienc is not an option")]
    [TestCase("Realm", "", "Realm is empty")]
    [TestCase("ClockSkew", "01:00:00", "ClockSkew is 01:00:00")]
    public async Task StartAsync_WrongOption_SaysOfWhichScheme(string option, string value, string expected)
    {
        IConfiguration section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Partners:" + option] = value }).Build().GetSection("Partners");

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => ApiRig.StartAsync(authentication: (builder, spid) =>
            builder.AddSpidBearer("Partners", section).AddSpidBearer("Partners", options => ApiRig.Configure(options, spid))));

        Assert.That(exception!.Failures, Has.One.Contains(expected).And.All.EndsWith("(options of authentication scheme 'Partners')"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task StartAsync_FaultsOfTwoSchemes_AreToldAtOnce(bool hasMetadata)
    {
        AggregateException? exception = await Assert.ThrowsAsync<AggregateException>(() => ApiRig.StartAsync(
            options => options.Audiences.Clear(),
            app =>
            {
                if (hasMetadata)
                {
                    app.MapSpidProtectedResourceMetadata();
                    app.MapSpidProtectedResourceMetadata("Partners");
                }
            },
            services => services.AddHealthChecks().AddSpidTokenVerification("Partner"),
            (builder, _) => builder.AddSpidBearer("Partners", options => (options.Realm, options.Cache.MaximumEntries) = ("", 0))));

        string[] failures = [.. exception!.InnerExceptions.OfType<OptionsValidationException>().SelectMany(inner => inner.Failures)];
        string[] expected =
        [
            "Audiences is empty: .* scheme 'SpidBearer'", "Audiences is empty: .* scheme 'Partners'", "Environment is missing: .* scheme 'Partners'",
            "Realm is empty .* scheme 'Partners'", "Cache.MaximumEntries is 0: .* scheme 'Partners'", "There is no SPiD verifier 'Partner'",
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach (string pattern in expected)
            {
                Assert.That(failures, Has.One.Match("^" + pattern));
            }
        }
    }

    [TestCase("Resource", "http://localhost:5000/")]
    [TestCase("Resource", "https://x.example.com/a")]
    [TestCase("QueryTokenPaths:0", "/hubs")]
    [TestCase("QueryTokenPaths:0", "/my hubs/chat")]
    public async Task StartAsync_RightOption_IsTaken(string option, string value)
    {
        IConfiguration section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [option] = value }).Build();

        await using ApiRig rig = await ApiRig.StartAsync(authentication: (builder, _) => builder.AddSpidBearer(SpidBearerDefaults.AuthenticationScheme, section));

        using HttpResponseMessage response = await rig.GetAsync(rig.Issue());
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task VerifiedToken_EndpointWithoutProtection_SaysWhatToWrite()
    {
        await using ApiRig rig = await ApiRig.StartAsync(map: app =>
        {
            app.UseAuthentication();
            app.MapGet("/messages", (ResourceServer.VerifiedToken token) => token.ClientId);
        });

        await Assert.ThatAsync(() => rig.GetAsync(null), Throws.InvalidOperationException.With.Message.Contains("RequireSpidScope"));
    }

    [Test(Description = "S10: 200 000 made-up tokens through HTTP")]
    [NonParallelizable] // It weighs the heap.
    public async Task Requests_TwoHundredThousandMadeUpTokens_MemoryIsBounded()
    {
        await using ApiRig rig = await ApiRig.StartAsync();
        rig.Logs.IsOn = false;
        string good = rig.Issue();
        (await rig.GetAsync(good)).Dispose();
        await MakeUpAsync(rig, good, 0, 1_000);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await MakeUpAsync(rig, good, 1_000, 200_000);

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Out.WriteLine($"heap grew by {grown / 1024} KiB");
        Assert.That(grown, Is.LessThan(32 * 1024 * 1024));
        Assert.That((rig.KeyFetches, rig.Introspections), Is.EqualTo((1, 0)));
        Assert.That((await rig.GetAsync(good)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    /// <summary>Half are no JWT; half are JWTs with a signature that does not fit.</summary>
    private static Task MakeUpAsync(ApiRig rig, string good, int from, int to) => Parallel.ForEachAsync(Enumerable.Range(from, to - from), async (number, cancellationToken) =>
    {
        string token = number % 2 == 0 ? $"{number:x8}{number:x8}" : $"{good[..good.LastIndexOf('.')]}.{number:x8}";
        HttpContext context = await rig.Server.SendAsync(
            http =>
            {
                http.Request.Path = "/messages";
                http.Request.Headers.Authorization = "Bearer " + token;
            },
            cancellationToken);
        if (context.Response.StatusCode != 401)
        {
            throw new AssertionException($"{token} was answered {context.Response.StatusCode}.");
        }
    });
}
