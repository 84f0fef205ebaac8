using Microsoft.Extensions.DependencyInjection;
using Spid.Benchmarks.Rivals;
using Spid.Client;

namespace Spid.Benchmarks.Subjects;

/// <summary>Clients of one factory before a service that answers at once, each with another way to the token.</summary>
internal sealed class FactoryPipelines : IDisposable
{
    private readonly TokenEndpointStub _endpoint = new(TimeSpan.FromDays(1));
    private readonly ServiceProvider _services;

    public FactoryPipelines()
    {
        var services = new ServiceCollection();
        services.AddSpidClientCredentials(options =>
        {
            (options.Environment, options.ClientId, options.ClientSecret) = (SpidEnvironment.PreProduction, "4e8463569caf7ca019000007", "secret");
            options.Scope = "read:messages";
        });
        services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(() => new Passage(_endpoint)));
        Add(services, "plain");
        Add(services, "constant").AddHttpMessageHandler(() => new ConstantHeaderHandler());
        Add(services, "spid").AddSpidTokenHandler();
        Add(services, "msal").AddHttpMessageHandler(() => new MsalHandler(MsalApplication.Create(new HttpClient(_endpoint, disposeHandler: false))));
        _services = services.BuildServiceProvider();

        IHttpClientFactory factory = _services.GetRequiredService<IHttpClientFactory>();
        (Plain, Constant, Spid, Msal) = (factory.CreateClient("plain"), factory.CreateClient("constant"), factory.CreateClient("spid"), factory.CreateClient("msal"));
    }

    public HttpClient Plain { get; }

    public HttpClient Constant { get; }

    public HttpClient Spid { get; }

    public HttpClient Msal { get; }

    public void Dispose() => _services.Dispose();

    private static IHttpClientBuilder Add(ServiceCollection services, string name) => services
        .AddHttpClient(name, client => client.BaseAddress = Subject.Service)
        .ConfigurePrimaryHttpMessageHandler(() => new PromptService())
        .RemoveAllLoggers();
}
