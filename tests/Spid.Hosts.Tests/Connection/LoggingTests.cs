using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Logging;
using Microsoft.Extensions.Logging;
using Spid.Client;
using Spid.Hosts.Tests.Shared;
using Spid.Testing;

namespace Spid.Hosts.Tests.Connection;

/// <summary>At Trace the platform logs all headers, and structured sinks receive values that the text redacts.</summary>
[CancelAfter(60_000)]
internal sealed class LoggingTests
{
    private readonly LogRecorder _logs = new();
    private readonly PauselessTime _time = new();
    private SpidServer _spid = null!;

    [SetUp]
    public void Start() => _spid = SpidServers.Create(_time);

    [TearDown]
    public async Task StopAsync() => await _spid.DisposeAsync();

    [Test(Description = "A12")]
    public async Task Call_EverythingIsLogged_NoCredentialIsInTextOrState([Values] SpidCall call, [Values] Change change, CancellationToken cancellationToken)
    {
        await using var application = new Application(call, _spid, _time, services => Log(services));
        application.Backchannel.ConfigurePrimaryHttpMessageHandler(_spid.CreateHandler);
        application.Services.PostConfigure<SpidClientOptions>(options => options.ClientAuthentication = SpidClientAuthentication.Basic);
        Apply(change, application.Services, Application.NameOf(call));

        string? failure = await application.CallAsync(cancellationToken);

        Assert.That(failure, Is.Null);
        AssertNoCredentials($"System.Net.Http.HttpClient.{Application.NameOf(call)}.");
    }

    [Test(Description = "A12")]
    public async Task SendAsync_ClientWithATokenAndEverythingLogged_NoTokenIsInTextOrState([Values] Change change, CancellationToken cancellationToken)
    {
        await using var application = new Application(SpidCall.Token, _spid, _time, services => Log(services));
        application.Backchannel.ConfigurePrimaryHttpMessageHandler(_spid.CreateHandler);
        application.Services.AddHttpClient("messages", http => http.BaseAddress = new Uri("https://api.example.com"))
            .AddSpidTokenHandler()
            .ConfigurePrimaryHttpMessageHandler(() => new ApiStub());
        Apply(change, application.Services, "messages");
        using HttpClient client = application.Provider.GetRequiredService<IHttpClientFactory>().CreateClient("messages");

        using HttpResponseMessage response = await client.GetAsync("/", cancellationToken);

        Assert.That(response.IsSuccessStatusCode);
        AssertNoCredentials(change is Change.FiltersRemoved ? "" : "System.Net.Http.HttpClient.");
    }

    private static void Apply(Change change, ServiceCollection services, string name)
    {
        switch (change)
        {
            case Change.RedactsNothing:
                services.AddHttpClient(name).RedactLoggedHeaders(_ => false);
                services.ConfigureHttpClientDefaults(http => http.RedactLoggedHeaders(_ => false));
                services.PostConfigureAll<HttpClientFactoryOptions>(options => options.ShouldRedactHeaderValue = _ => false);
                break;
            case Change.FilterReplaced:
                services.Replace(ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, LoggingFilter>());
                break;
            case Change.FiltersReplaced:
                services.RemoveAll<IHttpMessageHandlerBuilderFilter>();
                services.AddSingleton<IHttpMessageHandlerBuilderFilter, LoggingFilter>();
                break;
            case Change.FiltersRemoved:
                services.RemoveAll<IHttpMessageHandlerBuilderFilter>();
                break;
            case Change.FilterFirst:
                services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, LoggingFilter>());
                break;
            case Change.FilterLast:
                services.AddSingleton<IHttpMessageHandlerBuilderFilter, LoggingFilter>();
                break;
            case Change.LoggingHandlerOfAllClients:
                services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(LoggingFilter.Create));
                break;
            case Change.LoggingHandlerOfThisClient:
                services.AddHttpClient(name).AddHttpMessageHandler(LoggingFilter.Create);
                break;
            default:
                break;
        }
    }

    private void AssertNoCredentials(string category)
    {
        string[] secrets =
        [
            _spid.ClientSecret,
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_spid.ClientId}:{_spid.ClientSecret}")),
            .. _spid.Requests.All.Select(request => request.Header("Authorization")?.Split(' ')[1]).OfType<string>(),
            .. ApiStub.Tokens,
        ];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_logs.Lines, Has.Some.StartsWith(category), "requests are logged");
            Assert.That(_logs.Lines.Where(line => secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal))), Is.Empty);
        }
    }

    private void Log(IServiceCollection services) => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs));

    /// <summary>What an application can do to the logging of its clients.</summary>
    internal enum Change
    {
        None,
        RedactsNothing,
        FilterReplaced,
        FiltersReplaced,
        FiltersRemoved,
        FilterFirst,
        FilterLast,
        LoggingHandlerOfAllClients,
        LoggingHandlerOfThisClient,
    }

    private sealed class ApiStub : HttpMessageHandler
    {
        public static System.Collections.Concurrent.ConcurrentBag<string> Tokens { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Tokens.Add(request.Headers.Authorization!.Parameter!);
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.OK));
        }
    }

    private sealed class LoggingFilter(ILoggerFactory loggers) : IHttpMessageHandlerBuilderFilter
    {
        public static LoggingHttpMessageHandler Create(IServiceProvider services) =>
            new(services.GetRequiredService<ILoggerFactory>().CreateLogger("System.Net.Http.HttpClient.Own"), new HttpClientFactoryOptions());

        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.AdditionalHandlers.Insert(0, new LoggingScopeHttpMessageHandler(loggers.CreateLogger("System.Net.Http.HttpClient.Own"), new HttpClientFactoryOptions()));
            builder.AdditionalHandlers.Add(new LoggingHttpMessageHandler(loggers.CreateLogger("System.Net.Http.HttpClient.Own"), new HttpClientFactoryOptions()));
        };
    }
}
