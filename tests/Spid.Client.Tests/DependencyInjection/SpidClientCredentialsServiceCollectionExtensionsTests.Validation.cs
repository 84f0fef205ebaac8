using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.DependencyInjection;

/// <content>When and how faults of the options come to light.</content>
internal sealed partial class SpidClientCredentialsServiceCollectionExtensionsTests
{
    [Test]
    public async Task StartAsync_InvalidOptions_ListsEveryErrorOfTheClient(CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost(new() { ["Spid:Scope"] = "a\"b", ["Spid:Cache:MaximumEntries"] = "0", ["Spid:Resilience:Timeout"] = "00:00:00" });
        builder.Services.AddSpidClientCredentials();
        using IHost host = builder.Build();

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(cancellationToken));

        string[] starts = ["Environment is missing", "Scope cannot be sent", "Resilience.Timeout is", "Resilience.AttemptTimeout ("];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception!.Failures, Has.Some.Contains("ClientId is missing"));
            Assert.That(exception.Failures, Has.Some.Contains("ClientSecret is missing"));
            Assert.That(exception.Failures, Has.Some.Contains("MaximumEntries"));
            foreach (string start in starts)
            {
                Assert.That(exception.Failures, Has.Some.StartsWith(start).And.Some.EndsWith("(options of the default SPiD client)"));
            }
        }
    }

    [Test]
    public async Task StartAsync_ValidSection_Starts(CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost(SpidServices.ValidSettings());
        builder.Services.AddSpidClientCredentials();
        builder.Services.AddHttpClient("api").AddSpidTokenHandler();
        using IHost host = builder.Build();

        await host.StartAsync(cancellationToken);

        Assert.That(host.Services.GetRequiredService<TokenClient>().Cache.Settings.ClientId, Is.EqualTo("4e8463569caf7ca019000007"));
        await host.StopAsync(cancellationToken);
    }

    [Test]
    public async Task StartAsync_HandlerNamesAMissingClient_NamesTheLineToWrite(CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost(SpidServices.ValidSettings());
        builder.Services.AddSpidClientCredentials();
        builder.Services.AddHttpClient("api").AddSpidTokenHandler("missing", options => options.AllowedOrigins.Add("nonsense"));
        using IHost host = builder.Build();

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(cancellationToken));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception!.Failures, Has.Some.StartsWith("There is no SPiD client 'missing': call services.AddSpidClientCredentials(\"missing\", ...)."));
            Assert.That(exception.Failures, Has.Some.StartsWith("AllowedOrigins has 'nonsense'"));
            Assert.That(exception.Failures, Has.All.EndsWith("(AddSpidTokenHandler of HttpClient 'api')"));
        }
    }

    [TestCase("", "There is no default SPiD client: call services.AddSpidClientCredentials(...). (AddSpidToken of the health checks)")]
    [TestCase("paymets", "There is no SPiD client 'paymets': call services.AddSpidClientCredentials(\"paymets\", ...). (AddSpidToken of the health checks)")]
    public async Task StartAsync_HealthCheckNamesAMissingClient_NamesTheLineToWrite(string name, string expected, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost(SpidServices.ValidSettings("Payments"));
        builder.Services.AddSpidClientCredentials("payments", builder.Configuration.GetSection("Payments"));
        builder.Services.AddHealthChecks().AddSpidToken("payments").AddSpidToken(name);
        using IHost host = builder.Build();

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(cancellationToken));

        Assert.That(exception!.Failures, Is.EqualTo(new[] { expected }));
    }

    [Test]
    public async Task StartAsync_FaultsOfEveryKind_AreToldAtOnceAndSayWhoseTheyAre(CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost(new() { ["Spid:Resilience:Timeout"] = "soon", ["Spid:Scopes"] = "a" });
        builder.Services.AddSpidClientCredentials();
        builder.Services.AddSpidClientCredentials("payments", SpidServices.Configuration(new() { ["Payments:Scopes"] = "a" }).GetSection("Payments"));
        builder.Services.AddSpidClientCredentials("messages", _ => { });
        using IHost host = builder.Build();

        AggregateException? exception = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync(cancellationToken));

        string[] failures = [.. exception!.InnerExceptions.OfType<OptionsValidationException>().SelectMany(inner => inner.Failures)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failures, Has.One.StartsWith("Spid:Resilience:Timeout is no duration").And.One.StartsWith("Spid:Scopes is not an option").And.One.StartsWith("Payments:Scopes is not an option"));
            Assert.That(failures.Where(failure => failure.StartsWith("Spid:", StringComparison.Ordinal)), Has.All.EndsWith("(options of the default SPiD client)"));
            Assert.That(failures.Where(failure => failure.StartsWith("Payments:", StringComparison.Ordinal)), Has.All.EndsWith("(options of SPiD client 'payments')"));
            Assert.That(failures, Has.Some.StartsWith("ClientId is missing").And.Some.EndsWith("(options of SPiD client 'messages')"));
        }
    }

    [Test]
    public async Task SendAsync_HandlerNamesAMissingClientInABareProvider_NamesTheLineToWrite(CancellationToken cancellationToken)
    {
        var services = new SpidServices();
        services.AddHttpClient("api").AddSpidTokenHandler();
        await using ServiceProvider provider = services.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        await Assert.ThatAsync(
            () => client.GetAsync("https://api.example.com", cancellationToken),
            Throws.TypeOf<SpidException>().With.Message.Contain("There is no default SPiD client: call services.AddSpidClientCredentials(...)."));
    }

    [Test]
    public void GetService_InvalidOptionsInABareProvider_ThrowsOnFirstUse()
    {
        var services = new SpidServices();
        services.AddSpidClientCredentials(_ => { });
        using ServiceProvider provider = services.Build();

        Assert.That(
            () => provider.GetRequiredService<ISpidTokenProvider>(),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contain("ClientId is missing").And.Message.Contain("Environment is missing"));
    }

    [Test]
    public async Task StartAsync_HostedServiceAsksForAToken_GetsIt(CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost(SpidServices.ValidSettings());
        using var spid = new StubSpid();
        builder.Services.AddHostedService<AskingService>();
        builder.Services.AddSpidClientCredentials().Backchannel.ConfigurePrimaryHttpMessageHandler(() => spid);
        using IHost host = builder.Build();

        await host.StartAsync(cancellationToken);

        Assert.That(host.Services.GetServices<IHostedService>().OfType<AskingService>().Single().Token?.AccessToken, Is.EqualTo("token-1"));
        await host.StopAsync(cancellationToken);
    }

    [Test]
    public void AddSpidClientCredentials_NullArguments_Throw()
    {
        var services = new ServiceCollection();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => services.AddSpidClientCredentials((IConfiguration)null!), Throws.ArgumentNullException);
            Assert.That(() => services.AddSpidClientCredentials((Action<SpidClientOptions>)null!), Throws.ArgumentNullException);
            Assert.That(() => services.AddSpidClientCredentials(null!, _ => { }), Throws.ArgumentNullException);
            Assert.That(() => ((IServiceCollection)null!).AddSpidClientCredentials(), Throws.ArgumentNullException);
        }
    }

    private static HostApplicationBuilder CreateHost(Dictionary<string, string?> settings)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.AddFakeLogging();
        return builder;
    }

    private sealed class AskingService(ISpidTokenProvider tokens) : IHostedService
    {
        public ServerToken? Token { get; private set; }

        public async Task StartAsync(CancellationToken cancellationToken) => Token = await tokens.GetTokenAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
