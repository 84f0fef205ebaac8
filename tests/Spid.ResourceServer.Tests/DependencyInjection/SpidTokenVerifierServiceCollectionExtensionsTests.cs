using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Tests.Shared;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.Tests.DependencyInjection;

/// <summary>A verifier as an application registers and uses it.</summary>
[CancelAfter(60_000)]
internal sealed class SpidTokenVerifierServiceCollectionExtensionsTests
{
    private Forge _forge = null!;
    private readonly StubSpid _spid = new();
    private readonly FakeLogCollector _logs = new();
    private readonly SteppingTime _time = new();

    [SetUp]
    public void Publish()
    {
        _forge = Forge.CreateUsual();
        _spid.AnswerKeys(Forge.KeySet(_forge.Key()));
    }

    [TearDown]
    public void CleanUp()
    {
        _forge.Dispose();
        _spid.Dispose();
    }

    [Test]
    public async Task AddSpidTokenVerifier_Section_VerifiesAndIntrospects(CancellationToken cancellationToken)
    {
        using IHost host = CreateHost(services => services.AddSpidTokenVerifier());
        await host.StartAsync(cancellationToken);

        SpidVerificationResult result = await host.Services.GetRequiredService<ISpidTokenVerifier>().VerifyAsync(Token().AsMemory(), cancellationToken);
        SpidIntrospectionResult introspected = await host.Services.GetRequiredService<ISpidTokenIntrospector>().IntrospectAsync(Token(), cancellationToken);

        Assert.That(result.Reason, Is.EqualTo(SpidVerificationReason.None));
        Assert.That(introspected.IsActive, Is.False);
    }

    [Test(Description = "Edge case 79")]
    public async Task AddSpidTokenVerifier_TwoNames_TwoCallsAndVerdictsOfTheirOwn(CancellationToken cancellationToken)
    {
        using IHost host = CreateHost(services =>
        {
            services.AddSpidTokenVerifier("one", Configure);
            services.AddSpidTokenVerifier("two", options =>
            {
                Configure(options);
                options.Audiences[0] = "https://other.example.com";
            });
        });
        _spid.AnswerIntrospection(Active());
        string token = Token();

        SpidVerificationResult one = await Get(host, "one").VerifyAsync(token.AsMemory(), cancellationToken);
        SpidVerificationResult two = await Get(host, "two").VerifyAsync(token.AsMemory(), cancellationToken);

        Assert.That((one.Status, two.Status), Is.EqualTo((SpidVerificationStatus.Accepted, SpidVerificationStatus.Forbidden)));
        Assert.That(_spid.Introspections, Is.EqualTo(2));
        Assert.That(host.Services.GetRequiredService<ISpidTokenVerifier>(), Is.SameAs(Get(host, "one")), "without a name one gets the first");
    }

    [Test(Description = "Edge case 81")]
    public async Task Options_ChangedAfterAHit_TokenIsJudgedByTheNewOnes(CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Api:Environment"] = "PreProduction",
            ["Api:Mode"] = "Remote",
            ["Api:ClientId"] = "x",
            ["Api:ClientSecret"] = "y",
            ["Api:Audiences:0"] = Forge.Audience,
        };
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using IHost host = CreateHost(services => services.AddSpidTokenVerifier(configuration.GetSection("Api")));
        _spid.AnswerIntrospection(Active());
        ISpidTokenVerifier verifier = host.Services.GetRequiredService<ISpidTokenVerifier>();
        string token = Token();
        Assert.That((await verifier.VerifyAsync(token.AsMemory(), cancellationToken)).Reason, Is.EqualTo(SpidVerificationReason.None));

        configuration["Api:Audiences:0"] = "https://other.example.com";
        configuration.Reload();
        Assert.That((await verifier.VerifyAsync(token.AsMemory(), cancellationToken)).Reason, Is.EqualTo(SpidVerificationReason.WrongAudience));

        configuration["Api:ClockSkew"] = "01:00:00";
        Assert.That(configuration.Reload, Throws.Nothing);
        Assert.That(configuration.Reload, Throws.Nothing);
        Assert.That((await verifier.VerifyAsync(token.AsMemory(), cancellationToken)).Reason, Is.EqualTo(SpidVerificationReason.WrongAudience), "invalid options leave it as it is");
        Assert.That(_logs.GetSnapshot().Select(line => line.Id.Name), Does.Contain("VerifierOptionsChanged"));
        string[] errors = [.. _logs.GetSnapshot().Where(line => line.Level == LogLevel.Error).Select(line => line.Message)];
        Assert.That(errors, Has.Length.EqualTo(1).And.All.StartWith("The changed options of the default SPiD verifier are invalid, and the previous ones stay in effect: ClockSkew is"));
    }

    [Test]
    public void StartAsync_InvalidOptions_SaysWhatIsWrong()
    {
        using IHost host = CreateHost(services => services.AddSpidTokenVerifier(_ => { }));

        Assert.That(() => host.StartAsync(), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("Audiences is empty"));
    }

    [Test]
    public async Task StartAsync_PlainHttpAllowed_SaysSoOnceForEachVerifier(CancellationToken cancellationToken)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Api:Authority"] = "http://spid:5901",
            ["Api:AllowPlainHttp"] = "true",
            ["Api:JwksEndpoint"] = "http://spid:5901/connect/keys",
            ["Api:IntrospectionEndpoint"] = "http://spid:5901/connect/introspect",
            ["Api:LookUpEndpoint"] = "http://spid:5901/lookup",
            ["Api:TokenEndpoint"] = "",
            ["Api:Mode"] = "Local",
            ["Api:Audiences:0"] = Forge.Audience,
            ["Api:Issuers:0"] = Forge.Issuer,
        }).Build();
        using IHost host = CreateHost(services =>
        {
            services.AddSpidTokenVerifier("api", configuration.GetSection("Api"));
            services.AddSpidTokenVerifier("other", Configure);
        });

        await host.StartAsync(cancellationToken);
        await Get(host, "api").VerifyAsync(Token().AsMemory(), cancellationToken);
        await Get(host, "api").VerifyAsync(Token().AsMemory(), cancellationToken);

        FakeLogRecord[] warnings = [.. _logs.GetSnapshot().Where(record => record.Id.Name == "VerifierPlainHttpAllowed")];
        Assert.That(warnings.Select(record => (record.Level, record.Message)), Is.EqualTo(new[]
        {
            (LogLevel.Warning, "SPiD verifier 'api' has AllowPlainHttp set and uses http://spid:5901: over plain http the client secret and the tokens can be read on the way, and keys replaced, unless the network itself encrypts."),
        }));
        Assert.That(_spid.Requests[0].Message.RequestUri!.AbsoluteUri, Is.EqualTo("http://spid:5901/connect/keys"));
    }

    [Test]
    public async Task StartAsync_SharedStoreThatIsNotThere_IsOneOfTheFaults()
    {
        using IHost host = CreateHost(services =>
        {
            services.AddSpidTokenVerifier("one", options => options.Cache.Distributed = true);
            services.AddSpidTokenVerifier("two", options =>
            {
                Configure(options);
                options.Cache.Distributed = true;
            });
        });

        AggregateException? exception = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync());

        string[] failures = [.. exception!.InnerExceptions.OfType<OptionsValidationException>().SelectMany(inner => inner.Failures)];
        Assert.That(failures, Has.One.EqualTo("Cache.Distributed needs an IDistributedCache in the container: register one, such as AddStackExchangeRedisCache. (options of SPiD verifier 'two')"));
        Assert.That(failures, Has.Some.StartsWith("Audiences is empty").And.Some.EndsWith("(options of SPiD verifier 'one')"));
    }

    [TestCase("SpidVerifier", "SpidVerifier:Audience is not an option: the options are AcceptUserTokens, ", "(options of the default SPiD verifier)")]
    [TestCase("Api", "Api:Audience is not an option: the options are AcceptUserTokens, ", "(options of SPiD verifier 'api')")]
    public async Task StartAsync_SectionWithWhatHasNoEffect_SaysWhoseItIs(string section, string start, string end)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [section + ":Audience"] = "x" }).Build();
        using IHost host = CreateHost(services => services.AddSpidTokenVerifier(section == "Api" ? "api" : "", configuration.GetSection(section)));

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(exception!.Failures, Has.One.StartsWith(start).And.All.EndsWith(end));
    }

    [Test]
    public async Task StartAsync_OptionsOfATypeOfTheApplication_AreCalledByTheirType()
    {
        using IHost host = CreateHost(services => services.AddSpidTokenVerifier<PartnerOptions>("partners"));

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(exception!.Failures, Has.Some.StartsWith("Audiences is empty").And.All.EndsWith("(options of PartnerOptions 'partners')"));
    }

    [Test]
    public void AddSpidTokenVerifier_TwiceForOneName_RegistersOnceAndAddsOptions()
    {
        using IHost host = CreateHost(services =>
        {
            services.AddSpidTokenVerifier("api", Configure);
            services.AddSpidTokenVerifier("api", options => options.AllowedClients.Add("x"));
        });

        Assert.That(host.Services.GetKeyedServices<ISpidTokenVerifier>("api").Count(), Is.EqualTo(1));
        Assert.That(host.Services.GetRequiredService<IOptionsMonitor<SpidVerifierOptions>>().Get("api").AllowedClients, Is.EqualTo(new[] { "x" }));
    }

    [TestCase("""{"active":false}""", HttpStatusCode.OK, "SelfTestPassed")]
    [TestCase("""{"error":"invalid_client"}""", HttpStatusCode.Unauthorized, "SelfTestFailed")]
    [TestCase("""{"active":true,"client_id":"x"}""", HttpStatusCode.OK, "SelfTestFailed")]
    public async Task StartAsync_SelfTest_TellsBeforeTheFirstRequest(string body, HttpStatusCode status, string expected)
    {
        _spid.Introspect = (_, _) => Task.FromResult(StubSpid.Json(body, status));
        using IHost host = CreateHost(services => services.AddSpidTokenVerifier(options =>
        {
            Configure(options);
            (options.SelfTest, options.Keys.WarmUp, options.Mode) = (true, true, SpidVerificationMode.Auto);
        }));

        await host.StartAsync();
        await host.StopAsync();

        Assert.That(_logs.GetSnapshot().Select(line => line.Id.Name), Does.Contain(expected));
        Assert.That((_spid.KeyFetches, _spid.Introspections), Is.EqualTo((1, 1)));
    }

    [TestCase(400, "", "SelfTestInconclusive")]
    [TestCase(400, """{"error":"invalid_request"}""", "SelfTestInconclusive")]
    [TestCase(403, "", "SelfTestInconclusive")]
    [TestCase(404, "", "SelfTestInconclusive")]
    [TestCase(200, "<html></html>", "SelfTestInconclusive")]
    [TestCase(200, "{}", "SelfTestInconclusive")]
    [TestCase(429, "", "SelfTestFailed")]
    [TestCase(500, "", "SelfTestFailed")]
    [TestCase(503, "", "SelfTestFailed")]
    [Description("B4: the credentials are right, but the server does not take made-up tokens")]
    public async Task StartAsync_SelfTestIsNotAnswered_NoRealTokenNotices(int status, string body, string expected)
    {
        _spid.Introspect = (_, _) =>
        {
            HttpResponseMessage response = StubSpid.Json(body, (HttpStatusCode)status);
            response.Headers.Add("Retry-After", "60");
            return Task.FromResult(response);
        };
        using IHost host = CreateHost(services =>
        {
            services.AddSpidTokenVerifier(options =>
            {
                Configure(options);
                (options.SelfTest, options.Mode) = (true, SpidVerificationMode.Remote);
            });
            services.AddHealthChecks().AddSpidTokenVerification();
        });

        await host.StartAsync();
        HealthStatus health = await HealthAsync(host);
        System.Text.Json.Nodes.JsonObject active = Forge.Claims(_time.GetUtcNow());
        active["active"] = true;
        _spid.AnswerIntrospection(active.ToJsonString());
        SpidVerificationResult result = await host.Services.GetRequiredService<ISpidTokenVerifier>().VerifyAsync(Token().AsMemory(), CancellationToken.None);
        await host.StopAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((health, result.Reason), Is.EqualTo((HealthStatus.Healthy, SpidVerificationReason.None)));
            Assert.That(_logs.GetSnapshot().Select(line => line.Id.Name), Does.Contain(expected));
            Assert.That(_logs.GetSnapshot().Select(line => line.Level), Has.None.EqualTo(LogLevel.Critical));
        }
    }

    [Test]
    public async Task StartAsync_SelfTestAndAHandlerThatCannotBeMade_HostStartsAndTheLogTells(CancellationToken cancellationToken)
    {
        using IHost host = CreateHost(services => services.AddSpidTokenVerifier(options =>
        {
            Configure(options);
            (options.SelfTest, options.Keys.WarmUp, options.Mode) = (true, true, SpidVerificationMode.Auto);
        }).Backchannel.AddHttpMessageHandler(() => throw new InvalidOperationException("No such service.")));

        await host.StartAsync(cancellationToken);

        Assert.That(_logs.GetSnapshot().Select(line => line.Id.Name), Does.Contain("SelfTestFailed").And.Contain("KeySetMissing"));
    }

    [Test(Description = "Section 1.3 of the behaviour: no retries on the request path, whatever all clients of the application get")]
    public async Task AddSpidTokenVerifier_HandlersForAllClients_AreLeftOutAndThoseOfTheBackchannelStay(CancellationToken cancellationToken)
    {
        int ofAll = 0;
        int own = 0;
        using IHost host = CreateHost(services =>
        {
            services.AddSpidTokenVerifier(Configure).Backchannel.AddHttpMessageHandler(() => new Counter(() => own++));
            services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler(() => new Counter(() => ofAll++)));
        });

        await host.Services.GetRequiredService<ISpidTokenVerifier>().VerifyAsync(Token().AsMemory(), cancellationToken);
        Assert.That((_spid.Introspections, own, ofAll), Is.EqualTo((1, 1, 0)));

        using HttpClient other = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("other");
        using HttpResponseMessage response = await other.GetAsync(new Uri("https://identity-pre.schibsted.com/oauth/jwks"), cancellationToken);
        Assert.That((_spid.KeyFetches, own, ofAll), Is.EqualTo((1, 1, 1)));
    }

    [Test]
    public async Task StartAsync_SelfTestOfTwoVerifiers_TokensAreShapedLikeAJwtAndNeverTheSame(CancellationToken cancellationToken)
    {
        using IHost host = CreateHost(services =>
        {
            foreach (string name in new[] { "one", "two" })
            {
                services.AddSpidTokenVerifier(name, options =>
                {
                    Configure(options);
                    options.SelfTest = true;
                });
            }
        });

        await host.StartAsync(cancellationToken);

        string[] tokens = [.. _spid.Requests.Select(request => request.Body.Split('&')[0])];
        Assert.That(tokens, Has.Length.EqualTo(2).And.Unique);
        Assert.That(tokens, Is.All.Matches(@"^token=[\w-]+\.[\w-]+\.[\w-]+$"));
    }

    [Test]
    public async Task AddSpidTokenVerification_Health_FollowsTheStateWithoutACall(CancellationToken cancellationToken)
    {
        using IHost host = CreateHost(services =>
        {
            services.AddSpidTokenVerifier(Configure);
            services.AddHealthChecks().AddSpidTokenVerification();
        });
        ISpidTokenVerifier verifier = host.Services.GetRequiredService<ISpidTokenVerifier>();

        Assert.That(await HealthAsync(host), Is.EqualTo(HealthStatus.Healthy), "nobody has asked yet");
        Assert.That(_spid.Requests, Is.Empty);

        _spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        await verifier.VerifyAsync(Token().AsMemory(), cancellationToken);
        Assert.That(await HealthAsync(host), Is.EqualTo(HealthStatus.Degraded));

        _spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.Unauthorized));
        await verifier.VerifyAsync(Token().AsMemory(), cancellationToken);
        int before = _spid.Requests.Length;
        Assert.That(await HealthAsync(host), Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(_spid.Requests, Has.Length.EqualTo(before));
    }

    [TestCase(SpidVerificationMode.Local, HealthStatus.Unhealthy)]
    [TestCase(SpidVerificationMode.Auto, HealthStatus.Degraded)]
    public async Task AddSpidTokenVerification_NoKeys_DependsOnWhetherIntrospectionIsThere(SpidVerificationMode mode, HealthStatus expected)
    {
        _spid.Keys = _ => Task.FromResult(StubSpid.Status(HttpStatusCode.InternalServerError));
        using IHost host = CreateHost(services =>
        {
            services.AddSpidTokenVerifier("api", options =>
            {
                Configure(options);
                options.Mode = mode;
            });
            services.AddHealthChecks().AddSpidTokenVerification("api");
        });

        await Get(host, "api").VerifyAsync(Token().AsMemory(), CancellationToken.None);

        Assert.That(await HealthAsync(host), Is.EqualTo(expected));
    }

    [Test]
    public void AddSpidTokenVerification_NoSuchVerifier_SaysWhatToWrite()
    {
        using IHost host = CreateHost(services => services.AddHealthChecks().AddSpidTokenVerification("missing"));

        HealthCheckRegistration registration = host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Single();
        Assert.That(() => registration.Factory(host.Services), Throws.InvalidOperationException.With.Message.Contains("missing"));
    }

    [TestCase("missing", "There is no SPiD verifier 'missing': call services.AddSpidTokenVerifier(\"missing\", ...) or AddSpidBearer(\"missing\", ...). (AddSpidTokenVerification of the health checks)")]
    [TestCase("", "There is no default SPiD verifier: call services.AddSpidTokenVerifier(...), or name the authentication scheme that AddSpidBearer(...) registered. (AddSpidTokenVerification of the health checks)")]
    [TestCase(null, "There is not exactly one SPiD verifier: call services.AddSpidTokenVerifier(...) or AddSpidBearer(...), and name the one that is meant, \"\" being the one without a name. (AddSpidTokenVerification of the health checks)")]
    public async Task StartAsync_HealthCheckOfAMissingVerifier_SaysWhatToWrite(string? verifier, string expected)
    {
        using IHost host = CreateHost(services =>
        {
            services.AddHealthChecks().AddSpidTokenVerification(verifier).AddSpidTokenVerification("one");
            services.AddSpidTokenVerifier("one", Configure);
            services.AddSpidTokenVerifier("two", Configure);
        });

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(exception!.Failures, Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void StartAsync_HealthCheckAndNoVerifierAtAll_SaysWhatToWrite()
    {
        using IHost host = CreateHost(services => services.AddHealthChecks().AddSpidTokenVerification());

        Assert.That(() => host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.StartsWith("There is not exactly one SPiD verifier: call services.AddSpidTokenVerifier(...)"));
    }

    [TestCase(null, false, Description = "it would watch the one and hide what befalls the other")]
    [TestCase("", true)]
    public async Task StartAsync_HealthCheckBesideAVerifierWithoutANameAndAnother_NeedsAName(string? verifier, bool starts)
    {
        using IHost host = CreateHost(services =>
        {
            services.AddHealthChecks().AddSpidTokenVerification(verifier);
            services.AddSpidTokenVerifier(Configure);
            services.AddSpidTokenVerifier("one", Configure);
        });

        await Assert.ThatAsync(() => host.StartAsync(), starts ? Throws.Nothing : Throws.TypeOf<OptionsValidationException>());
    }

    [Test]
    public async Task StartAsync_HealthCheckOfTheOnlyVerifier_Starts(CancellationToken cancellationToken)
    {
        using IHost host = CreateHost(services =>
        {
            services.AddHealthChecks().AddSpidTokenVerification();
            services.AddSpidTokenVerifier("one", Configure);
        });

        await host.StartAsync(cancellationToken);

        Assert.That(await HealthAsync(host), Is.EqualTo(HealthStatus.Healthy));
    }

    [Test(Description = "Edge case 89: tokens and secrets stay out of every log line, also at Trace")]
    public async Task VerifyAsync_EverythingLogged_NoTokenAndNoSecret(CancellationToken cancellationToken)
    {
        using IHost host = CreateHost(services => services.AddSpidTokenVerifier(Configure));
        ISpidTokenVerifier verifier = host.Services.GetRequiredService<ISpidTokenVerifier>();
        string[] tokens = [.. Enumerable.Range(0, 4).Select(_ => Token())];
        _spid.AnswerIntrospection(Active());
        await verifier.VerifyAsync(tokens[0].AsMemory(), cancellationToken);
        _spid.Introspect = (body, _) => Task.FromResult(StubSpid.Json($$"""{"active":"{{body}}"}"""));
        await verifier.VerifyAsync(tokens[1].AsMemory(), cancellationToken);
        _spid.Introspect = (body, _) => throw new HttpRequestException(HttpRequestError.InvalidResponse, body);
        await verifier.VerifyAsync(tokens[2].AsMemory(), cancellationToken);
        _spid.Introspect = (body, _) => Task.FromResult(StubSpid.Json($$"""{"error":"{{body}}"}""", HttpStatusCode.Unauthorized));
        await verifier.VerifyAsync(tokens[3].AsMemory(), cancellationToken);

        string[] lines = [.. _logs.GetSnapshot().Select(line => $"{line.Message} {line.Exception} {string.Join(' ', line.StructuredState ?? [])}")];
        Assert.That(lines, Is.Not.Empty);
        foreach (string secret in tokens.Append("super-secret").Append(Convert.ToBase64String("client:super-secret"u8)))
        {
            Assert.That(lines, Has.None.Contains(secret));
        }
    }

    private static ISpidTokenVerifier Get(IHost host, string name) => host.Services.GetRequiredKeyedService<ISpidTokenVerifier>(name);

    private static async Task<HealthStatus> HealthAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;

    private static void Configure(SpidVerifierOptions options)
    {
        (options.Environment, options.Mode, options.ClientId, options.ClientSecret) = (Spid.Client.SpidEnvironment.PreProduction, SpidVerificationMode.Remote, "client", "super-secret");
        options.Audiences.Add(Forge.Audience);
    }

    private string Active()
    {
        var answer = Forge.Claims(_time.GetUtcNow());
        answer["active"] = true;
        return answer.ToJsonString();
    }

    private string Token() => _forge.Sign(_time.GetUtcNow());

    private IHost CreateHost(Action<IServiceCollection> register)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SpidVerifier:Environment"] = "PreProduction",
            ["SpidVerifier:ClientId"] = "client",
            ["SpidVerifier:ClientSecret"] = "super-secret",
            ["SpidVerifier:Audiences:0"] = Forge.Audience,
        });
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(_logs));
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(() => new Undisposed(_spid)));
        register(builder.Services);
        return builder.Build();
    }

    private sealed class PartnerOptions : SpidVerificationOptions;

    private sealed class Counter(Action count) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            count();
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Undisposed(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}
