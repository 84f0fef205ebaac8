using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.DependencyInjection;

/// <content>Options that change while the process runs.</content>
[CancelAfter(60_000)]
internal sealed partial class ClientFactoryTests
{
    private const string SecondSecret = "the-second-secret-of-the-tests";

    [Test(Description = "Acceptance 11, A15")]
    public async Task Reload_SecretChanged_NextFetchUsesItWhileTheOldTokenIsServed(CancellationToken cancellationToken)
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured();
        await using ServiceProvider provider = services.Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();
        ServerToken before = await tokens.GetTokenAsync(cancellationToken);

        configuration["Spid:ClientSecret"] = SecondSecret;
        configuration.Reload();
        ServerToken meanwhile = await tokens.GetTokenAsync(cancellationToken);
        await Wait.UntilAsync(() => services.Spid.Count == 2 && !tokens.Cache.Default.IsFetching);
        ServerToken after = await tokens.GetTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((meanwhile, after.AccessToken), Is.EqualTo((before, "token-2")));
            Assert.That(services.Spid.Authorizations, Is.EqualTo(new[] { Basic("the-first-secret-of-the-tests"), Basic(SecondSecret) }));
            Assert.That(
                provider.GetFakeLogCollector().GetSnapshot().Where(record => record.Id.Name == "OptionsChanged").Select(record => record.Message),
                Is.EqualTo(new[] { "The options of SPiD client '' changed; its tokens are kept." }));
        }
    }

    [TestCase("Cache:RefreshAfter", "0.5")]
    [TestCase("Resilience:Timeout", "00:00:30")]
    [TestCase("ClientSecret", "mistyped")]
    [Test(Description = "A15")]
    public async Task Reload_SpidFails_LivingTokensOfClientAndHandlerAreServed(string key, string value, CancellationToken cancellationToken)
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured();
        services.AddHttpClient("api", http => http.BaseAddress = new Uri("https://api.example.com")).AddSpidTokenHandler(options => options.Scope = "handler");
        await using ServiceProvider provider = services.Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpResponseMessage first = await client.GetAsync("a", cancellationToken);
        ServerToken before = await tokens.GetTokenAsync(cancellationToken);
        services.Spid.AnswerWith(_ => StubSpid.Error(401, "invalid_client"));

        configuration[$"Spid:{key}"] = value;
        configuration.Reload();
        ServerToken after = await tokens.GetTokenAsync(cancellationToken);
        using HttpResponseMessage second = await client.GetAsync("a", cancellationToken);

        Assert.That(after, Is.SameAs(before));
        Assert.That(services.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-1" }));
    }

    [Test]
    public async Task Reload_HandlersAndRequests_UseTheNewOptionsToo(CancellationToken cancellationToken)
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured();
        services.AddHttpClient("api", http => http.BaseAddress = new Uri("https://api.example.com")).AddSpidTokenHandler(options => options.Scope = "handler");
        await using ServiceProvider provider = services.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpResponseMessage first = await client.GetAsync("a", cancellationToken);

        configuration["Spid:ClientId"] = "another-id";
        configuration.Reload();
        using HttpResponseMessage second = await client.GetAsync("a", cancellationToken);

        Assert.That(services.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2" }));
        Assert.That(services.Spid.Forms, Has.All.Contains("scope=handler"));
    }

    [Test]
    public async Task Reload_NothingChanged_KeepsTheToken(CancellationToken cancellationToken)
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured();
        await using ServiceProvider provider = services.Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();
        ServerToken before = await tokens.GetTokenAsync(cancellationToken);

        configuration.Reload();

        Assert.That(await tokens.GetTokenAsync(cancellationToken), Is.SameAs(before));
        Assert.That(services.Spid.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Reload_AfterARememberedConfigurationError_ForgetsItAtOnce(CancellationToken cancellationToken)
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured();
        services.Spid.AnswerWith(number => number == 1 ? StubSpid.Error(400, "invalid_client") : StubSpid.Token($"token-{number}"));
        await using ServiceProvider provider = services.Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();
        await Assert.ThrowsAsync<SpidException>(() => tokens.GetTokenAsync(cancellationToken).AsTask());
        await Assert.ThrowsAsync<SpidException>(() => tokens.GetTokenAsync(cancellationToken).AsTask());

        configuration["Spid:ClientSecret"] = SecondSecret;
        configuration.Reload();
        ServerToken token = await tokens.GetTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("token-2"));
        Assert.That(services.Spid.Count, Is.EqualTo(2));
    }

    [TestCase("ClientSecret", "", "ClientSecret is missing")]
    [TestCase("ClientSecret", " a secret with a blank ", "ClientSecret")]
    [TestCase("ClientId", "", "ClientId is missing")]
    [TestCase("ClientId", "a:b", "ClientId")]
    [TestCase("Environment", "Atlantis", "Environment")]
    [TestCase("RefreshAfter", "0.5", "Spid:RefreshAfter is not an option")]
    [TestCase("Cache:RefreshAfter", "2", "RefreshAfter")]
    [TestCase("Resilience:Timeout", "soon", "Timeout")]
    [TestCase("Resources", "https://api.example.com", "Resources is one value")]
    [Test(Description = "A16")]
    public async Task Reload_InvalidThenMended_IsSaidOnceAndTheOldOptionsGoOnMeanwhile(string key, string value, string expected, CancellationToken cancellationToken)
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured();
        await using ServiceProvider provider = services.Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();
        ServerToken before = await tokens.GetTokenAsync(cancellationToken);
        string? valid = configuration[$"Spid:{key}"];

        configuration[$"Spid:{key}"] = value;
        Assert.That(configuration.Reload, Throws.Nothing);
        Assert.That(configuration.Reload, Throws.Nothing, "and it is not said again");
        ServerToken meanwhile = await tokens.GetTokenAsync(cancellationToken);
        FakeLogRecordShape[] said = Errors(provider);
        SpidClientOptions seen = provider.GetRequiredService<IOptionsMonitor<SpidClientOptions>>().CurrentValue;
        configuration[$"Spid:{key}"] = valid;
        configuration["Spid:ClientId"] = "mended";
        configuration.Reload();
        ServerToken after = await tokens.GetTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(said, Has.Length.EqualTo(1));
            Assert.That(said[0].Message, Does.StartWith("The changed options of the default SPiD client are invalid, and the previous ones stay in effect: ").And.Contain(expected));
            Assert.That(said[0].Message, Does.Not.Contain("the-first-secret-of-the-tests").And.Not.Contain("a secret with a blank"));
            Assert.That(seen.ClientSecret, Is.EqualTo("the-first-secret-of-the-tests"));
            Assert.That((meanwhile, after.AccessToken), Is.EqualTo((before, "token-2")));
            Assert.That(tokens.Cache.Settings.ClientId, Is.EqualTo("mended"));
            Assert.That(Errors(provider), Has.Length.EqualTo(1));
        }
    }

    [Test(Description = "A16")]
    public async Task Reload_InvalidMendedAndInvalidAgain_IsSaidEachTime(CancellationToken cancellationToken)
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured();
        await using ServiceProvider provider = services.Build();
        await provider.GetRequiredService<TokenClient>().GetTokenAsync(cancellationToken);

        foreach (string? id in new[] { "", "right", "" })
        {
            configuration["Spid:ClientId"] = id;
            configuration.Reload();
        }

        Assert.That(Errors(provider), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Reload_OtherNamedClientChanged_KeepsTheToken(CancellationToken cancellationToken)
    {
        Dictionary<string, string?> settings = SpidServices.ValidSettings("One").Concat(SpidServices.ValidSettings("Two")).ToDictionary();
        IConfigurationRoot configuration = SpidServices.Configuration(settings);
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials("one", configuration.GetSection("One")));
        services.Stub(services.AddSpidClientCredentials("two", configuration.GetSection("Two")));
        await using ServiceProvider provider = services.Build();
        TokenClient one = provider.GetRequiredKeyedService<TokenClient>("one");
        ServerToken before = await one.GetTokenAsync(cancellationToken);

        configuration["Two:ClientSecret"] = SecondSecret;
        configuration.Reload();

        Assert.That(await one.GetTokenAsync(cancellationToken), Is.SameAs(before));
    }

    [Test]
    public async Task Dispose_Provider_EndsTheSubscriptionToChanges(CancellationToken cancellationToken)
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured();
        ServiceProvider provider = services.Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();
        await tokens.GetTokenAsync(cancellationToken);
        await provider.DisposeAsync();

        configuration["Spid:ClientSecret"] = SecondSecret;

        Assert.That(configuration.Reload, Throws.Nothing);
        Assert.That(async () => await tokens.GetTokenAsync(cancellationToken), Throws.TypeOf<ObjectDisposedException>());
    }

    [TestCase(true)]
    [TestCase(false)]
    [Test(Description = "Kind 12")]
    public async Task Dispose_WhileOptionsAreReloaded_IsQuiet(bool valid, CancellationToken cancellationToken)
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured();
        Action duringReload = () => { };
        services.Configure<SpidClientOptions>(_ => duringReload());
        ServiceProvider provider = services.Build();
        FakeLogCollector logs = provider.GetFakeLogCollector();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();
        await tokens.GetTokenAsync(cancellationToken);
        int before = logs.Count;
        duringReload = () =>
        {
            duringReload = () => { };
            provider.Dispose();
        };

        configuration["Spid:ClientId"] = valid ? "another-id" : "";

        Assert.That(configuration.Reload, Throws.Nothing);
        Assert.That(logs.GetSnapshot().Skip(before).Where(record => record.Level >= LogLevel.Information).Select(record => record.Message), Is.Empty);
        Assert.That(() => tokens.Cache, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test(Description = "Kind 12")]
    public async Task Dispose_ClientAloneThenReload_IsQuiet(CancellationToken cancellationToken)
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured();
        await using ServiceProvider provider = services.Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();
        await tokens.GetTokenAsync(cancellationToken);
        FakeLogCollector logs = provider.GetFakeLogCollector();
        int before = logs.Count;

        tokens.Dispose();
        configuration["Spid:ClientId"] = "another-id";

        Assert.That(configuration.Reload, Throws.Nothing);
        Assert.That(logs.Count, Is.EqualTo(before));
    }

    [Test(Description = "Kind 12")]
    public void Dispose_ProviderOfALongLivingConfiguration_IsCollected()
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured();
        WeakReference reference = UseAndDispose(services, configuration);

        for (int round = 0; round < 100 && reference.IsAlive; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        configuration.Reload();
        Assert.That(reference.IsAlive, Is.False);
    }

    [Test]
    public async Task GetTokenAsync_FirstSecretRefused_TriesTheSecondOnceAndRemembersIt(CancellationToken cancellationToken)
    {
        (SpidServices services, _) = Configured(settings => settings["Spid:SecondaryClientSecret"] = SecondSecret);
        services.Spid.AnswerWith(number => number == 1 ? StubSpid.Error(400, "invalid_client") : StubSpid.Token($"token-{number}", 60));
        await using ServiceProvider provider = services.Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();

        await tokens.GetTokenAsync(cancellationToken);
        services.Time.Advance(TimeSpan.FromMinutes(2));
        await tokens.GetTokenAsync(cancellationToken);

        FakeLogRecordShape[] switches = [.. provider.GetFakeLogCollector().GetSnapshot().Where(record => record.Id.Name == "SecretSwitched").Select(record => new FakeLogRecordShape(record.Level, record.Message))];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(services.Spid.Authorizations, Is.EqualTo(new[] { Basic("the-first-secret-of-the-tests"), Basic(SecondSecret), Basic(SecondSecret) }));
            Assert.That(switches, Is.EqualTo(new[] { new FakeLogRecordShape(LogLevel.Warning, "SPiD refused the ClientSecret of client '' and accepted the other one, which is used from now on.") }));
        }
    }

    [Test]
    public async Task GetTokenAsync_BothSecretsRefused_SendsTwoRequestsAndRemembersTheError(CancellationToken cancellationToken)
    {
        (SpidServices services, _) = Configured(settings => settings["Spid:SecondaryClientSecret"] = SecondSecret);
        services.Spid.AnswerWith(_ => StubSpid.Error(401, "invalid_client"));
        await using ServiceProvider provider = services.Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();

        for (int call = 0; call < 10; call++)
        {
            await Assert.ThrowsAsync<SpidException>(() => tokens.GetTokenAsync(cancellationToken).AsTask());
        }

        Assert.That(services.Spid.Count, Is.EqualTo(2));
        Assert.That(provider.GetFakeLogCollector().GetSnapshot().Select(record => record.Id.Name), Has.None.EqualTo("SecretSwitched"));
    }

    private static (SpidServices Services, IConfigurationRoot Configuration) Configured(Action<Dictionary<string, string?>>? change = null)
    {
        Dictionary<string, string?> settings = SpidServices.ValidSettings();
        change?.Invoke(settings);
        IConfigurationRoot configuration = SpidServices.Configuration(settings);
        var services = new SpidServices();
        services.AddSingleton<IConfiguration>(configuration);
        services.Stub(services.AddSpidClientCredentials());
        return (services, configuration);
    }

    private static string Basic(string secret) =>
        "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"4e8463569caf7ca019000007:{secret}"));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseAndDispose(SpidServices services, IConfigurationRoot configuration)
    {
        using ServiceProvider provider = services.Build();
        TokenClient tokens = provider.GetRequiredService<TokenClient>();
        configuration["Spid:ClientId"] = "another-id";
        configuration.Reload();
        return new WeakReference(tokens);
    }

    private static FakeLogRecordShape[] Errors(ServiceProvider provider) =>
    [
        .. provider.GetFakeLogCollector().GetSnapshot().Where(record => record.Level >= LogLevel.Error).Select(record => new FakeLogRecordShape(record.Level, record.Message)),
    ];

    private sealed record FakeLogRecordShape(LogLevel Level, string Message);
}
