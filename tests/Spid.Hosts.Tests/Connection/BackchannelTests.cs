using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Spid.Client;
using Spid.Client.Tokens;
using Spid.Hosts.Tests.Shared;
using Spid.ResourceServer;
using Spid.ResourceServer.Verification;
using Spid.Testing;

namespace Spid.Hosts.Tests.Connection;

/// <summary>What an application configures for the connection to SPiD itself is kept, wherever it stands.</summary>
[CancelAfter(60_000)]
internal sealed class BackchannelTests
{
    private readonly List<string> _passed = [];
    private readonly PauselessTime _time = new();
    private SpidServer _spid = null!;

    [SetUp]
    public void Start() => _spid = SpidServers.Create(_time);

    [TearDown]
    public async Task StopAsync() => await _spid.DisposeAsync();

    [Test]
    public async Task Call_HandlersAddedBeforeAndAfterRegistration_PassThemInThatOrder([Values] SpidCall call, CancellationToken cancellationToken)
    {
        string name = Application.NameOf(call);
        await using var application = new Application(call, _spid, _time, services => services.AddHttpClient(name)
            .ConfigurePrimaryHttpMessageHandler(_spid.CreateHandler)
            .AddHttpMessageHandler(() => Note("before")));
        application.Backchannel.AddHttpMessageHandler(() => Note("builder"));
        application.Services.AddHttpClient(name).AddHttpMessageHandler(() => Note("after"));

        string? failure = await application.CallAsync(cancellationToken);

        Assert.That(failure, Is.Null);
        Assert.That(_passed.Take(3), Is.EqualTo(new[] { "before", "builder", "after" }));
    }

    [Test(Description = "B26: handlers that are there before the scheme is added")]
    public async Task VerifyAsync_HandlerAddedBeforeAddSpidBearer_Passes(CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddHttpClient("Spid.ResourceServer:SpidBearer")
            .ConfigurePrimaryHttpMessageHandler(_spid.CreateHandler)
            .AddHttpMessageHandler(() => Note("before"));
        services.AddAuthentication().AddSpidBearer(options =>
        {
            (options.Authority, options.ClientId, options.ClientSecret) = (_spid.BaseAddress, _spid.ClientId, _spid.ClientSecret);
            (options.AudienceCheck, options.Mode) = (SpidAudienceCheck.None, SpidVerificationMode.Remote);
        });
        await using ServiceProvider provider = services.BuildServiceProvider();

        SpidVerificationResult result = await provider.GetRequiredService<ISpidTokenVerifier>().VerifyAsync(_spid.Issue().AsMemory(), cancellationToken);

        Assert.That(result.IsAccepted);
        Assert.That(_passed, Is.EqualTo(new[] { "before" }));
    }

    [Test]
    public async Task Call_HandlerOfThisClientByEveryDoor_IsPassed([Values] SpidCall call, CancellationToken cancellationToken)
    {
        string name = Application.NameOf(call);
        await using var application = new Application(call, _spid, _time);
        application.Backchannel.ConfigurePrimaryHttpMessageHandler(_spid.CreateHandler);
        application.Services.ConfigureOptions(new OptionsOfSomeNames(name.Equals, () => Note("class")));
        application.Services.AddOptions<HttpClientFactoryOptions>(name).Configure<TimeProvider>((options, _) => options.HttpMessageHandlerBuilderActions.Add(
            builder => builder.AdditionalHandlers.Add(Note("dependency"))));
        application.Services.PostConfigure<HttpClientFactoryOptions>(name, options => options.HttpMessageHandlerBuilderActions.Add(
            builder => builder.AdditionalHandlers.Add(Note("last"))));

        string? failure = await application.CallAsync(cancellationToken);

        Assert.That(failure, Is.Null);
        Assert.That(_passed.Take(3), Is.EqualTo(new[] { "class", "dependency", "last" }));
    }

    [Test]
    public async Task Call_SettingsOfThisClient_AreUsed([Values] SpidCall call, CancellationToken cancellationToken)
    {
        await using var application = new Application(call, _spid, _time);
        application.Backchannel
            .ConfigurePrimaryHttpMessageHandler(_spid.CreateHandler)
            .ConfigureHttpClient(client => client.DefaultRequestHeaders.Add("X-Gateway", "key"));

        string? failure = await application.CallAsync(cancellationToken);

        Assert.That(failure, Is.Null);
        Assert.That(_spid.Requests.All.Select(request => request.Header("X-Gateway")), Has.All.EqualTo("key").And.Not.Empty);
    }

    [Test]
    public async Task GetTokenAsync_TwoClients_EachHasItsOwnConnection(CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        foreach (string name in new[] { "one", "two" })
        {
            services.AddSpidClientCredentials(name, options => (options.Authority, options.ClientId, options.ClientSecret) = (_spid.BaseAddress, _spid.ClientId, _spid.ClientSecret))
                .Backchannel.ConfigurePrimaryHttpMessageHandler(_spid.CreateHandler).AddHttpMessageHandler(() => Note(name));
        }

        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredKeyedService<ISpidTokenProvider>("two").GetTokenAsync(cancellationToken);
        await provider.GetRequiredKeyedService<ISpidTokenProvider>("one").GetTokenAsync(cancellationToken);

        Assert.That(_passed, Is.EqualTo(new[] { "two", "one" }));
    }

    [Test]
    public async Task Call_HandlerFromTheContainer_IsMadeInAScopeOfTheApplication([Values] SpidCall call, [Values] bool suppressScope, CancellationToken cancellationToken)
    {
        await using var application = new Application(call, _spid, _time, services => services.AddScoped<ScopedService>());
        IServiceProvider? given = null;
        application.Backchannel.ConfigurePrimaryHttpMessageHandler(_spid.CreateHandler).AddHttpMessageHandler(provider =>
        {
            given = provider;
            _ = provider.GetRequiredService<ScopedService>();
            return Note("made");
        });
        application.Services.Configure<HttpClientFactoryOptions>(Application.NameOf(call), options => options.SuppressHandlerScope = suppressScope);

        string? failure = await application.CallAsync(cancellationToken);

        Assert.That(failure, Is.Null);
        Assert.That(given!.GetRequiredService<ScopedService>(), suppressScope
            ? Is.SameAs(application.Provider.GetRequiredService<ScopedService>())
            : Is.Not.SameAs(application.Provider.GetRequiredService<ScopedService>()));
    }

    [Test]
    public async Task Call_LoggersRemovedForThisClient_LogsNoRequest([Values] SpidCall call, [Values] bool removed, CancellationToken cancellationToken)
    {
        var logs = new LogRecorder();
        await using var application = new Application(call, _spid, _time, services => services.AddLogging(logging => logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(logs)));
        application.Backchannel.ConfigurePrimaryHttpMessageHandler(_spid.CreateHandler);
        if (removed)
        {
            application.Backchannel.RemoveAllLoggers();
        }

        string? failure = await application.CallAsync(cancellationToken);

        Assert.That(failure, Is.Null);
        Assert.That(logs.Lines.Any(line => line.StartsWith("System.Net.Http.HttpClient", StringComparison.Ordinal)), Is.Not.EqualTo(removed));
    }

    [Test]
    public async Task VerifyAsync_ResilienceHandlerOfThisClientAndSpidAnswers503_IsUsed(CancellationToken cancellationToken)
    {
        _spid.Faults.Always(SpidEndpoint.Introspection, SpidFault.Status(503));
        await using var application = new Application(SpidCall.Introspection, _spid, _time);
        application.Backchannel.ConfigurePrimaryHttpMessageHandler(_spid.CreateHandler).AddStandardResilienceHandler(options =>
        {
            options.Retry.MaxRetryAttempts = 2;
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        });

        await application.CallAsync(cancellationToken);

        Assert.That(_spid.Requests.To(SpidEndpoint.Introspection), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task RequestTokenAsync_HandlerHasExpired_IsServedByAnotherOne(CancellationToken cancellationToken)
    {
        int made = 0;
        await using var application = new Application(SpidCall.Token, _spid, _time);
        application.Backchannel.SetHandlerLifetime(TimeSpan.FromSeconds(1)).ConfigurePrimaryHttpMessageHandler(() =>
        {
            Interlocked.Increment(ref made);
            return _spid.CreateHandler();
        });
        TokenClient tokens = application.Provider.GetRequiredService<TokenClient>();

        // The platform's own timer decides when; the second handler is all that is waited for.
        await tokens.RequestTokenAsync(cancellationToken);
        ServerToken token;
        do
        {
            token = await tokens.RequestTokenAsync(cancellationToken);
        }
        while (made < 2);

        Assert.That(token.AccessToken, Is.Not.Empty);
    }

    private NotingHandler Note(string name) => new(_ => _passed.Add(name));

    private sealed class ScopedService;
}
