using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spid.Client.DependencyInjection;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Issues;

/// <summary>
/// The platform keeps for ever what the making of a handler throws, and makes a new handler every two minutes: a fault of the
/// configuration that lasts a moment must not end a client for good.
/// </summary>
[CancelAfter(60_000)]
internal sealed class HandlerFactoryTests
{
    [Test]
    public async Task CreateClient_BaseAddressIsMissingAtFirst_SendsOnceItIsThere(CancellationToken cancellationToken)
    {
        Uri? address = null;
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials(ApiRig.CopyTo));
        services.AddHttpClient("api", http => http.BaseAddress = address ?? throw new InvalidOperationException("Not there yet.")).AddSpidTokenHandler();
        await using ServiceProvider provider = services.Build();
        IHttpClientFactory factory = provider.GetRequiredService<IHttpClientFactory>();

        Assert.That(() => factory.CreateClient("api"), Throws.InvalidOperationException.With.Message.EqualTo("Not there yet."));
        address = new Uri("https://api.example.com");
        using HttpClient client = factory.CreateClient("api");
        using HttpResponseMessage response = await client.GetAsync("messages", cancellationToken);

        Assert.That(services.Api.Tokens, Is.EqualTo(new[] { "token-1" }));
    }

    [TestCase("AllowedOrigins:0", "nonsense")]
    [TestCase("ReplayBufferLimit", "many")]
    public async Task Create_OptionsBecomeInvalid_GoesOnWithTheLastValidOnes(string key, string value, CancellationToken cancellationToken)
    {
        IConfigurationRoot configuration = SpidServices.Configuration(new() { ["AllowedOrigins:0"] = "https://archive.example.com" });
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials(ApiRig.CopyTo));
        await using ServiceProvider provider = Build(services, configuration);
        await SendAsync(provider, services.Api, cancellationToken);
        configuration[key] = value;
        Assert.That(configuration.Reload, Throws.Nothing);

        await SendAsync(provider, services.Api, cancellationToken);

        Assert.That(services.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-1" }));
    }

    [Test]
    public void Get_OptionsBecomeValidAgain_TakesThem()
    {
        IConfigurationRoot configuration = SpidServices.Configuration(new() { ["ReplayBufferLimit"] = "1" });
        using ServiceProvider provider = Build(new SpidServices(), configuration);
        LastValidOptions options = provider.GetRequiredService<LastValidOptions>();
        long before = options.Get("api").ReplayBufferLimit;
        configuration["ReplayBufferLimit"] = "-1";
        Assert.That(configuration.Reload, Throws.Nothing);
        long meanwhile = options.Get("api").ReplayBufferLimit;

        configuration["ReplayBufferLimit"] = "2";
        configuration.Reload();

        Assert.That(new[] { before, meanwhile, options.Get("api").ReplayBufferLimit }, Is.EqualTo(new[] { 1, 1, 2 }));
    }

    [Test]
    public void Get_OptionsWereNeverValid_Throws()
    {
        using ServiceProvider provider = Build(new SpidServices(), SpidServices.Configuration(new() { ["ReplayBufferLimit"] = "-1" }));

        Assert.That(
            () => provider.GetRequiredService<LastValidOptions>().Get("api"),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contain("ReplayBufferLimit is -1"));
    }

    /// <summary>Sends through a handler of its own, as the platform makes one every two minutes.</summary>
    private static async Task SendAsync(IServiceProvider provider, HttpMessageHandler api, CancellationToken cancellationToken)
    {
        SpidTokenHandler handler = HandlerFactory.Create(provider, "api", "", findPrimary: () => null);
        handler.InnerHandler = api;
        using var client = new HttpClient(handler, disposeHandler: false);
        using HttpResponseMessage response = await client.GetAsync("https://archive.example.com", cancellationToken);
    }

    private static ServiceProvider Build(SpidServices services, IConfigurationRoot configuration)
    {
        services.AddSpidClientCredentials(ApiRig.CopyTo);
        services.AddHttpClient("api").AddSpidTokenHandler();
        services.Configure<SpidTokenHandlerOptions>("api", configuration);
        return services.Build();
    }
}
