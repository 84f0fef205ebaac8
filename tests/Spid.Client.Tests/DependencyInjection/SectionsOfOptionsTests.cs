using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.DependencyInjection;

/// <summary>Which configuration section a client or handler reads: one, and one that has keys.</summary>
[CancelAfter(60_000)]
internal sealed class SectionsOfOptionsTests
{
    [Test(Description = "A31")]
    public void AddSpidClientCredentials_TwoSectionsForOneName_NamesBoth()
    {
        IConfigurationRoot configuration = SpidServices.Configuration(SpidServices.ValidSettings("X").Concat(SpidServices.ValidSettings("Y")).ToDictionary());
        var services = new SpidServices();
        services.AddSpidClientCredentials("a", configuration.GetSection("X"));

        Assert.That(
            () => services.AddSpidClientCredentials("a", configuration.GetSection("Y")),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "There are two configurations of SPiD client 'a', section 'X' and section 'Y': register the second one under a name of its own, or change single options by code."));
    }

    [Test(Description = "A31")]
    public void AddSpidClientCredentials_DefaultSectionAndAnother_NamesBoth()
    {
        IConfigurationRoot configuration = SpidServices.Configuration(SpidServices.ValidSettings("Payments"));
        var services = new SpidServices();
        services.AddSpidClientCredentials();

        Assert.That(
            () => services.AddSpidClientCredentials(configuration.GetSection("Payments")),
            Throws.InvalidOperationException.With.Message.StartsWith("There are two configurations of the default SPiD client, section 'Spid' and section 'Payments': "));
    }

    [Test(Description = "A31")]
    public void AddSpidClientCredentials_SectionAndWholeConfiguration_IsRefused()
    {
        IConfigurationRoot configuration = SpidServices.Configuration(SpidServices.ValidSettings("X"));
        var services = new SpidServices();
        services.AddSpidClientCredentials("a", configuration.GetSection("X"));

        Assert.That(() => services.AddSpidClientCredentials("a", configuration), Throws.InvalidOperationException.With.Message.Contain("section 'X' and a whole configuration"));
    }

    [Test(Description = "A31")]
    public void AddSpidClientCredentials_SectionsOfTheSamePathInTwoConfigurations_IsRefused()
    {
        var services = new SpidServices();
        services.AddSpidClientCredentials("a", SpidServices.Configuration(SpidServices.ValidSettings("X")).GetSection("X"));

        Assert.That(() => services.AddSpidClientCredentials("a", SpidServices.Configuration(SpidServices.ValidSettings("X")).GetSection("X")), Throws.InvalidOperationException);
    }

    [Test(Description = "A31")]
    public void AddSpidClientCredentials_OneSectionTwiceAndCode_AddUp()
    {
        Dictionary<string, string?> settings = SpidServices.ValidSettings("X");
        settings["X:Resources:0"] = "https://api.example.com";
        IConfigurationRoot configuration = SpidServices.Configuration(settings);
        var services = new SpidServices();
        services.AddSpidClientCredentials("a", configuration.GetSection("X"));
        services.AddSpidClientCredentials("a", configuration.GetSection("x"));
        services.AddSpidClientCredentials("a", options => options.Scope = "by-code");
        using ServiceProvider provider = services.Build();

        SpidClientOptions options = provider.GetRequiredService<IOptionsMonitor<SpidClientOptions>>().Get("a");

        Assert.That(options.Resources, Is.EqualTo(new[] { "https://api.example.com" }));
        Assert.That(options.Scope, Is.EqualTo("by-code"));
    }

    [Test(Description = "A31")]
    public async Task AddSpidClientCredentials_DefaultSectionTwice_Starts(CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost(SpidServices.ValidSettings());
        builder.Services.AddSpidClientCredentials();
        builder.Services.AddSpidClientCredentials(builder.Configuration.GetSection("Spid"));
        builder.Services.AddSpidClientCredentials();
        using IHost host = builder.Build();

        await host.StartAsync(cancellationToken);

        Assert.That(host.Services.GetRequiredService<TokenClient>().Cache.Settings.ClientId, Is.EqualTo("4e8463569caf7ca019000007"));
    }

    [Test(Description = "A31")]
    public void AddSpidTokenHandler_TwoSectionsForOneHttpClient_NamesBoth()
    {
        IConfigurationRoot configuration = SpidServices.Configuration(new() { ["X:Scope"] = "x", ["Y:Scope"] = "y" });
        IHttpClientBuilder http = new SpidServices().AddHttpClient("messages").AddSpidTokenHandler(configuration.GetSection("X"));

        Assert.That(
            () => http.AddSpidTokenHandler(configuration.GetSection("Y")),
            Throws.InvalidOperationException.With.Message.StartsWith(
                "There are two configurations of token handler of HttpClient 'messages', section 'X' and section 'Y': "));
    }

    [TestCase("Spid", "Spid__Environment, Spid__ClientId, Spid__ClientSecret")]
    [TestCase("Spid:Payments", "Spid__Payments__Environment, Spid__Payments__ClientId, Spid__Payments__ClientSecret")]
    [Test(Description = "A32")]
    public async Task StartAsync_SectionIsMissing_SaysWhichAndWhatToSet(string section, string variables, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost(SpidServices.ValidSettings("Spidd"));
        builder.Services.AddSpidClientCredentials(builder.Configuration.GetSection(section));
        using IHost host = builder.Build();

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(cancellationToken));

        Assert.That(exception!.Failures, Is.EqualTo(new[]
        {
            $"Configuration section '{section}' is empty or does not exist: set its keys, for example by the environment variables {variables}. (options of the default SPiD client)",
        }));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Test(Description = "A32")]
    public async Task StartAsync_DefaultSectionIsMissingOrEmpty_SaysSo(bool empty, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost(empty ? new() { ["Spid"] = "" } : []);
        builder.Services.AddSpidClientCredentials();
        using IHost host = builder.Build();

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(cancellationToken));

        Assert.That(exception!.Failures.Single(), Does.StartWith("Configuration section 'Spid' is empty or does not exist").And.Contain("Spid__ClientId"));
    }

    [Test(Description = "A32")]
    public async Task StartAsync_SectionIsMissingAndCodeSetsAPart_NamesTheRestAndOtherFaults(CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost([]);
        builder.Services.AddSpidClientCredentials();
        builder.Services.AddSpidClientCredentials(options => (options.Environment, options.ClientId, options.Scope) = (SpidEnvironment.PreProduction, "id", "a\"b"));
        using IHost host = builder.Build();

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(cancellationToken));

        string[] failures = [.. exception!.Failures];
        Assert.That(failures, Has.Length.EqualTo(2));
        Assert.That(failures[0], Does.StartWith("Configuration section 'Spid' is empty or does not exist: set its keys, for example by the environment variable Spid__ClientSecret."));
        Assert.That(failures[1], Does.StartWith("Scope cannot be sent"));
    }

    [Test(Description = "A32")]
    public async Task StartAsync_SectionIsMissingAndCodeSetsAll_Starts(CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost([]);
        builder.Services.AddSpidClientCredentials();
        builder.Services.AddSpidClientCredentials(ApiRig.CopyTo);
        using IHost host = builder.Build();

        await host.StartAsync(cancellationToken);

        Assert.That(host.Services.GetRequiredService<TokenClient>().Cache, Is.Not.Null);
    }

    [Test(Description = "A32")]
    public async Task Reload_SectionAppearsAfterAFailedStart_Works(CancellationToken cancellationToken)
    {
        IConfigurationRoot configuration = SpidServices.Configuration([]);
        var services = new SpidServices();
        services.AddSingleton<IConfiguration>(configuration);
        services.Stub(services.AddSpidClientCredentials());
        await using ServiceProvider provider = services.Build();
        Assert.That(() => provider.GetRequiredService<TokenClient>(), Throws.TypeOf<OptionsValidationException>());

        foreach ((string key, string? value) in SpidServices.ValidSettings())
        {
            configuration[key] = value;
        }

        Assert.That((await provider.GetRequiredService<TokenClient>().GetTokenAsync(cancellationToken)).AccessToken, Is.EqualTo("token-1"));
    }

    [Test(Description = "A30: the whole configuration in place of a section")]
    public async Task StartAsync_WholeConfigurationWithoutAnOption_SaysToPassASection(CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost(SpidServices.ValidSettings());
        builder.Configuration["Messages:Scope"] = "read";
        builder.Services.AddSpidClientCredentials();
        builder.Services.AddHttpClient("messages").AddSpidTokenHandler(builder.Configuration);
        using IHost host = builder.Build();

        OptionsValidationException refusal = (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(cancellationToken)))!;

        Assert.That(refusal.Message, Does.Contain("The whole configuration was passed").And.Contain("GetSection").And.Contain("HttpClient 'messages'"));
    }

    [TestCase("Resourses:0", "https://api.example.com", "Messages:Resourses is not an option")]
    [TestCase("Scopes", "read", "Messages:Scopes is not an option")]
    [TestCase("Resources", "https://api.example.com", "Messages:Resources is one value, but Resources is a list: write Messages:Resources:0.")]
    [TestCase("AllowedOrigins", "https://api.example.com", "Messages:AllowedOrigins is one value")]
    [TestCase("Scope:0", "read", "Messages:Scope has parts, but Scope is one value: write scopes with spaces between them.")]
    [TestCase("ReplayBufferLimit", "many", "Messages:ReplayBufferLimit ")]
    [TestCase("AllowPlainHttp", "perhaps", "Messages:AllowPlainHttp ")]
    [Test(Description = "A30")]
    public async Task StartAsync_SectionOfAHandlerHasAFault_IsRefused(string key, string value, string expected, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost(new() { [$"Messages:{key}"] = value });
        builder.Services.AddSpidClientCredentials(ApiRig.CopyTo);
        builder.Services.AddHttpClient("messages").AddSpidTokenHandler(builder.Configuration.GetSection("Messages"));
        using IHost host = builder.Build();

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(cancellationToken));

        Assert.That(exception!.Failures.Single(), Does.StartWith(expected).And.EndWith("(options of token handler of HttpClient 'messages')"));
    }

    [TestCase("Resourses:0", "https://api.example.com", "Messages:Resourses is not an option")]
    [TestCase("Scopes", "read", "Messages:Scopes is not an option")]
    [TestCase("Resources", "https://api.example.com", "Messages:Resources is one value, but Resources is a list: write Messages:Resources:0.")]
    [TestCase("AllowedOrigins", "https://api.example.com", "Messages:AllowedOrigins is one value")]
    [Test(Description = "A30")]
    public async Task StartAsync_SectionGivenToConfigureHasAFault_IsRefused(string key, string value, string expected, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost(new() { [$"Messages:{key}"] = value });
        builder.Services.Configure<SpidTokenHandlerOptions>("messages", builder.Configuration.GetSection("Messages"));
        builder.Services.AddSpidClientCredentials(ApiRig.CopyTo);
        builder.Services.AddHttpClient("messages").AddSpidTokenHandler();
        using IHost host = builder.Build();

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(cancellationToken));

        Assert.That(exception!.Failures.Single(), Does.StartWith(expected).And.EndWith("(AddSpidTokenHandler of HttpClient 'messages')"));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Test(Description = "A30")]
    public async Task StartAsync_SectionOfAHandlerIsMissing_IsRefused(bool byOverload, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost(new() { ["Mesages:Scope"] = "read" });
        builder.Services.AddSpidClientCredentials(ApiRig.CopyTo);
        IHttpClientBuilder http = builder.Services.AddHttpClient("messages");
        if (byOverload)
        {
            http.AddSpidTokenHandler(builder.Configuration.GetSection("Messages"));
        }
        else
        {
            http.AddSpidTokenHandler();
            builder.Services.Configure<SpidTokenHandlerOptions>("messages", builder.Configuration.GetSection("Messages"));
        }

        using IHost host = builder.Build();

        OptionsValidationException? exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(cancellationToken));

        Assert.That(exception!.Failures, Is.EqualTo(new[]
        {
            "Configuration section 'Messages' is empty or does not exist: set its keys, for example by the environment variable Messages__Scope. (AddSpidTokenHandler of HttpClient 'messages')",
        }));
    }

    [Test(Description = "A30")]
    public async Task SendAsync_SectionOfAHandlerForANamedClient_TokenHasItsScopeAndResources(CancellationToken cancellationToken)
    {
        IConfigurationRoot configuration = SpidServices.Configuration(new()
        {
            ["Messages:Scope"] = "read:messages",
            ["Messages:Resources:0"] = "https://messages.example.com",
            ["Messages:AllowedOrigins:0"] = "https://messages.example.com",
        });
        var services = new SpidServices();
        services.Stub(services.AddSpidClientCredentials("payments", ApiRig.CopyTo));
        services.AddHttpClient("messages").AddSpidTokenHandler("payments", configuration.GetSection("Messages"));
        await using ServiceProvider provider = services.Build();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("messages");

        using HttpResponseMessage response = await client.GetAsync("https://messages.example.com/new", cancellationToken);

        Assert.That(services.Spid.Forms.Single(), Does.Contain("scope=read%3Amessages").And.Contain("resource=https%3A%2F%2Fmessages.example.com"));
    }

    private static HostApplicationBuilder CreateHost(Dictionary<string, string?> settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings);
        return builder;
    }
}
