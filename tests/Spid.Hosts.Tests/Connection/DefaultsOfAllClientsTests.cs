using System.Net.Http.Headers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Spid.Client;
using Spid.Client.Tokens;
using Spid.Hosts.Tests.Shared;
using Spid.Testing;

namespace Spid.Hosts.Tests.Connection;

/// <summary>What an application configures for all of its clients is meant for the APIs that it calls, and must not change how SPiD is called.</summary>
[CancelAfter(60_000)]
internal sealed class DefaultsOfAllClientsTests
{
    private readonly PauselessTime _time = new();
    private SpidServer _spid = null!;

    [SetUp]
    public void Start() => _spid = SpidServers.Create(_time);

    [TearDown]
    public async Task StopAsync() => await _spid.DisposeAsync();

    [TestCase(SpidCall.Token, 3)]
    [TestCase(SpidCall.Registration, 1)]
    [TestCase(SpidCall.Introspection, 1)]
    [TestCase(SpidCall.KeySet, 1)]
    [TestCase(SpidCall.LookUp, 1)]
    [Description("A6")]
    public async Task Call_ResilienceHandlerForAllClientsAndSpidAnswers503_MakesItsOwnRequestsOnly(SpidCall call, int requests, CancellationToken cancellationToken)
    {
        _spid.Faults.Always(Application.EndpointOf(call), SpidFault.Status(503));
        await using Application application = Create(call, services => services.ConfigureHttpClientDefaults(AddResilience));

        string? failure = await application.CallAsync(cancellationToken);

        Assert.That(failure, Is.Not.Null);
        Assert.That(_spid.Requests.To(Application.EndpointOf(call)), Has.Count.EqualTo(requests));
    }

    [Test(Description = "A6")]
    public async Task GetTokenAsync_ResilienceHandlerForAllClientsAndSpidAnswers503_KeepsTheStatus(CancellationToken cancellationToken)
    {
        _spid.Faults.Always(SpidEndpoint.Token, SpidFault.Status(503));
        await using Application application = Create(SpidCall.Token, services => services.ConfigureHttpClientDefaults(AddResilience));

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => GetTokenAsync(application, cancellationToken)))!;

        Assert.That((int?)exception.SpidStatusCode, Is.EqualTo(503));
    }

    [Test(Description = "A6")]
    public async Task GetTokenAsync_ResilienceHandlerForAllClientsAndSpidAnswers429_KeepsRetryAfter(CancellationToken cancellationToken)
    {
        _spid.Faults.Always(SpidEndpoint.Token, SpidFault.TooManyRequests().WithRetryAfter(TimeSpan.FromSeconds(90)));
        await using Application application = Create(SpidCall.Token, services => services.ConfigureHttpClientDefaults(AddResilience));

        SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => GetTokenAsync(application, cancellationToken)))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(90)).Within(TimeSpan.FromSeconds(10)));
            Assert.That(_spid.Requests.To(SpidEndpoint.Token), Has.Count.EqualTo(1));
        }
    }

    [Test(Description = "A7")]
    public async Task GetTokenAsync_ResilienceHandlerForAllClientsAndAWrongSecret_AsksOnceWhileRemembered(CancellationToken cancellationToken)
    {
        await using Application application = Create(SpidCall.Token, services => services.ConfigureHttpClientDefaults(AddResilience));
        application.Services.PostConfigure<SpidClientOptions>(options => options.ClientSecret = "a-secret-of-another-client");

        for (int attempt = 0; attempt < 3; attempt++)
        {
            SpidException exception = (await Assert.ThrowsAsync<SpidException>(() => GetTokenAsync(application, cancellationToken)))!;
            Assert.That(exception.Kind, Is.EqualTo(SpidErrorKind.Configuration));
        }

        Assert.That(_spid.Requests.To(SpidEndpoint.Token), Has.Count.EqualTo(1));
    }

    [Test(Description = "A11")]
    public async Task Call_HeaderPropagationForAllClientsOutsideARequest_Succeeds([Values] SpidCall call, CancellationToken cancellationToken)
    {
        await using Application application = Create(call, services =>
        {
            services.AddHeaderPropagation(options => options.Headers.Add("X-Correlation"));
            services.ConfigureHttpClientDefaults(http => http.AddHeaderPropagation());
        });

        Assert.That(await application.CallAsync(cancellationToken), Is.Null);
    }

    [Test]
    public async Task Call_ServiceDiscoveryForAllClients_ReachesTheAddressOfTheOptions([Values] SpidCall call, CancellationToken cancellationToken)
    {
        await using Application application = Create(call, services =>
        {
            services.AddSingleton<IConfiguration>(new ConfigurationManager { ["Services:spid.test:https:0"] = "https://elsewhere.test:444" });
            services.AddServiceDiscovery();
            services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        });
        var hosts = new List<string?>();
        application.Backchannel.AddHttpMessageHandler(() => new NotingHandler(request => hosts.Add(request.RequestUri?.Host)));
        application.Services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new NotingHandler(request => hosts.Add("of all clients"))));

        Assert.That(await application.CallAsync(cancellationToken), Is.Null);
        Assert.That(hosts.Distinct(), Is.EqualTo(new[] { "spid.test" }));
    }

    [Test]
    public async Task Call_ClientSettingsForAllClients_AreNotUsed([Values] SpidCall call, CancellationToken cancellationToken)
    {
        await using Application application = Create(call, services => services.ConfigureHttpClientDefaults(http => http.ConfigureHttpClient(client =>
        {
            client.Timeout = TimeSpan.FromTicks(1);
            client.MaxResponseContentBufferSize = 1;
            client.BaseAddress = new Uri("https://elsewhere.test");
            client.DefaultRequestHeaders.Add("X-Api-Key", "of-another-service");
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "of-another-service");
        })));

        Assert.That(await application.CallAsync(cancellationToken), Is.Null);
        Assert.That(_spid.Requests.All.SelectMany(request => request.Headers.Values.SelectMany(value => value)), Has.None.Contains("of-another-service"));
    }

    [Test]
    public async Task Call_HandlerForAllClientsByEveryDoor_IsNotAsked([Values] SpidCall call, [Values] bool first, CancellationToken cancellationToken)
    {
        int asked = 0;
        DelegatingHandler Create() => new NotingHandler(_ => Interlocked.Increment(ref asked));
        void Defaults(IServiceCollection services)
        {
            services.ConfigureHttpClientDefaults(http => http
                .AddHttpMessageHandler(Create)
                .AddHttpMessageHandler(_ => Create())
                .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Insert(0, Create())));
            services.ConfigureAll<HttpClientFactoryOptions>(options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.AdditionalHandlers.Add(Create())));
            services.PostConfigureAll<HttpClientFactoryOptions>(options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.AdditionalHandlers.Add(Create())));
            services.ConfigureOptions(new OptionsOfSomeNames(_ => true, Create));
        }

        await using Application application = this.Create(call, services =>
        {
            if (first)
            {
                Defaults(services);
            }
        });
        if (!first)
        {
            Defaults(application.Services);
        }

        Assert.That(await application.CallAsync(cancellationToken), Is.Null);
        Assert.That(asked, Is.Zero);
    }

    private static void AddResilience(IHttpClientBuilder http) => http.AddStandardResilienceHandler(options =>
    {
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.ShouldRetryAfterHeader = false;
    });

    private static async Task<ServerToken> GetTokenAsync(Application application, CancellationToken cancellationToken) =>
        await application.Provider.GetRequiredService<ISpidTokenProvider>().GetTokenAsync(cancellationToken);

    private Application Create(SpidCall call, Action<IServiceCollection> configure)
    {
        var application = new Application(call, _spid, _time, configure);
        application.Backchannel.ConfigurePrimaryHttpMessageHandler(_spid.CreateHandler);
        return application;
    }
}
