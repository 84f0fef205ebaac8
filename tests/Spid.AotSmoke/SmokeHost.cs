using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spid.Client.Http;
using Spid.Client.Tokens;

namespace Spid.AotSmoke;

/// <summary>A host as a user would build it, with the network replaced by <see cref="StubSpid"/>.</summary>
internal sealed class SmokeHost : IDisposable
{
    public const string ServiceClient = "messages";

    private readonly IHost _host;

    public SmokeHost(params (string Key, string Value)[] overrides)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Spid:Environment"] = "PreProduction",
            ["Spid:ClientId"] = "4e8463569caf7ca019000007",
            ["Spid:ClientSecret"] = "c2VjcmV0LW9mLXRoZS1zbW9rZS10ZXN0",
            ["Spid:Scope"] = "read:messages",
            ["Spid:Resources:0"] = "https://messages.example.com",
            ["Payments:Environment"] = "Norway",
            ["Payments:ClientId"] = "5f8463569caf7ca019000008",
            ["Payments:ClientSecret"] = "b3RoZXItc2VjcmV0LW9mLXRoZS10ZXN0",
            ["Payments:Scope"] = "write:payments",
            ["Messages:RenewOnUnauthorized"] = "true",
            ["Archive:Scope"] = "read:archive",
        };
        foreach ((string key, string value) in overrides)
        {
            settings[key] = value;
        }

        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        IServiceCollection services = builder.Services;
        services.AddMetrics();
        services.AddSpidClientCredentials().Backchannel.ConfigurePrimaryHttpMessageHandler(() => Spid);
        services.AddSpidClientCredentials("payments", builder.Configuration.GetSection("Payments")).Backchannel.ConfigurePrimaryHttpMessageHandler(() => Spid);
        services.AddHttpClient(ServiceClient, client => client.BaseAddress = new Uri("https://messages.example.com"))
            .ConfigurePrimaryHttpMessageHandler(() => Spid)
            .AddSpidTokenHandler();
        services.Configure<SpidTokenHandlerOptions>(ServiceClient, builder.Configuration.GetSection("Messages"));
        services.AddHttpClient("archive").AddSpidTokenHandler(builder.Configuration.GetSection("Archive"));
        services.AddHealthChecks().AddSpidToken();
        _host = builder.Build();
    }

    public StubSpid Spid { get; } = new();

    public IServiceProvider Services => _host.Services;

    public HttpClient Messages => Services.GetRequiredService<IHttpClientFactory>().CreateClient(ServiceClient);

    public ISpidTokenProvider Tokens => Services.GetRequiredService<ISpidTokenProvider>();

    public Task StartAsync() => _host.StartAsync();

    public void Dispose()
    {
        _host.Dispose();
        Spid.Dispose();
    }
}
