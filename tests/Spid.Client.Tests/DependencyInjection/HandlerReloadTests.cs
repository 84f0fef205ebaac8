using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.DependencyInjection;

/// <summary>Options of a handler that change while its HttpClient is in use.</summary>
[CancelAfter(60_000)]
internal sealed class HandlerReloadTests
{
    [TestCase(true)]
    [TestCase(false)]
    [Test(Description = "A30")]
    public async Task Reload_SectionOfAHandler_NextRequestUsesIt(bool byOverload, CancellationToken cancellationToken)
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured(byOverload);
        await using ServiceProvider provider = services.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("messages");
        using HttpResponseMessage first = await client.GetAsync("https://messages.example.com/a", cancellationToken);

        configuration["Messages:Scope"] = "second";
        configuration["Messages:AllowedOrigins:0"] = "https://archive.example.com";
        configuration.Reload();
        using HttpResponseMessage second = await client.GetAsync("https://archive.example.com/a", cancellationToken);

        Assert.That(services.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2" }));
        Assert.That(services.Spid.Forms.Last(), Does.Contain("scope=second"));
        Assert.That(() => client.GetAsync("https://messages.example.com/a", cancellationToken), Throws.InstanceOf<SpidException>(), "its origin is no longer listed");
    }

    [Test(Description = "A30: an HttpClient that was made with an earlier base address")]
    public async Task Reload_BaseAddressHasChangedToo_ClientsOfBothAddressesGoOn(CancellationToken cancellationToken)
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured(byOverload: true);
        var address = new Uri("https://one.example.com");
        services.AddHttpClient("messages", http => http.BaseAddress = address);
        await using ServiceProvider provider = services.Build();
        IHttpClientFactory factory = provider.GetRequiredService<IHttpClientFactory>();
        using HttpClient before = factory.CreateClient("messages");
        using HttpResponseMessage first = await before.GetAsync("a", cancellationToken);

        address = new Uri("https://two.example.com");
        configuration["Messages:Scope"] = "second";
        configuration.Reload();
        using HttpClient after = factory.CreateClient("messages");
        using HttpResponseMessage second = await after.GetAsync("a", cancellationToken);
        using HttpResponseMessage third = await before.GetAsync("a", cancellationToken);

        Assert.That(services.Api.Calls.Select(call => call.Uri!.Host), Is.EqualTo(new[] { "one.example.com", "two.example.com", "one.example.com" }));
        Assert.That(services.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2", "token-2" }));
    }

    [Test(Description = "A16")]
    public async Task Reload_InvalidSectionOfAHandlerInUse_IsSaidOnceAndTheOldOptionsGoOn(CancellationToken cancellationToken)
    {
        (SpidServices services, IConfigurationRoot configuration) = Configured(byOverload: true);
        await using ServiceProvider provider = services.Build();
        IHttpClientFactory factory = provider.GetRequiredService<IHttpClientFactory>();
        using HttpClient one = factory.CreateClient("messages");
        using HttpClient other = factory.CreateClient("messages");
        using HttpResponseMessage first = await one.GetAsync("https://messages.example.com/a", cancellationToken);

        configuration["Messages:Resourses:0"] = "https://api.example.com";
        Assert.That(configuration.Reload, Throws.Nothing);
        using HttpResponseMessage second = await other.GetAsync("https://messages.example.com/a", cancellationToken);

        string[] errors = [.. provider.GetFakeLogCollector().GetSnapshot().Where(record => record.Level >= LogLevel.Error).Select(record => record.Message)];
        Assert.That(services.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-1" }));
        Assert.That(errors, Has.Length.EqualTo(1));
        Assert.That(errors[0], Does.StartWith("The changed options of token handler of HttpClient 'messages' are invalid, and the previous ones stay in effect: Messages:Resourses is not an option"));
    }

    private static (SpidServices Services, IConfigurationRoot Configuration) Configured(bool byOverload)
    {
        IConfigurationRoot configuration = SpidServices.Configuration(new()
        {
            ["Messages:Scope"] = "first",
            ["Messages:AllowedOrigins:0"] = "https://messages.example.com",
        });
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials(ApiRig.CopyTo));
        IHttpClientBuilder http = services.AddHttpClient("messages");
        if (byOverload)
        {
            http.AddSpidTokenHandler(configuration.GetSection("Messages"));
        }
        else
        {
            http.AddSpidTokenHandler();
            services.Configure<SpidTokenHandlerOptions>("messages", configuration.GetSection("Messages"));
        }

        return (services, configuration);
    }
}
