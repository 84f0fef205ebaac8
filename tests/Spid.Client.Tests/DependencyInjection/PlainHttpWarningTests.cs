using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.DependencyInjection;

/// <summary>Plain http where the options allow it, said once when the host starts.</summary>
[CancelAfter(60_000)]
internal sealed class PlainHttpWarningTests
{
    private const string OfClient = "SPiD client '' has AllowPlainHttp set and uses http://spid:5901/oauth/token: over plain http the client secret and the tokens can be read on the way, unless the network itself encrypts.";
    private const string OfNamedClient = "SPiD client 'named' has AllowPlainHttp set and uses https://identity-pre.schibsted.com/token: over plain http the client secret and the tokens can be read on the way, unless the network itself encrypts.";
    private const string OfHttpClient = "HttpClient 'api' has AllowPlainHttp set: over plain http its tokens can be read on the way, unless the network itself encrypts.";

    [Test(Description = "A33")]
    public async Task StartAsync_PlainHttpAllowed_SaysSoOnceForEachClientAndHttpClient(CancellationToken cancellationToken)
    {
        using var spid = new StubSpid();
        using var api = new StubApi();
        HostApplicationBuilder builder = CreateHost();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Spid:Authority"] = "http://spid:5901",
            ["Spid:AllowPlainHttp"] = "true",
            ["Spid:ClientId"] = "id",
            ["Spid:ClientSecret"] = "secret",
            ["Api:AllowPlainHttp"] = "true",
        });
        builder.Services.AddSpidClientCredentials().Backchannel.ConfigurePrimaryHttpMessageHandler(() => spid);
        builder.Services.AddSpidClientCredentials("named", options =>
        {
            ApiRig.CopyTo(options);
            (options.AllowPlainHttp, options.TokenEndpoint) = (true, new Uri("https://identity-pre.schibsted.com/token?code=" + Canary.Secret));
        });
        builder.Services.Configure<SpidTokenHandlerOptions>("api", builder.Configuration.GetSection("Api"));
        builder.Services.AddHttpClient("api", http => http.BaseAddress = new Uri("http://api:8080")).AddSpidTokenHandler().ConfigurePrimaryHttpMessageHandler(() => api);
        builder.Services.AddHttpClient("other").AddSpidTokenHandler("named");
        using IHost host = builder.Build();

        await host.StartAsync(cancellationToken);
        HttpClient client = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        for (int call = 0; call < 3; call++)
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri("/v1", UriKind.Relative), cancellationToken);
        }

        Assert.That(Warnings(host), Is.EqualTo(new[] { OfClient, OfNamedClient, OfHttpClient }));
        Assert.That((spid.Count, api.Count, api.Tokens[0]), Is.EqualTo((1, 3, "token-1")));
        await host.StopAsync(cancellationToken);
    }

    [Test]
    public async Task StartAsync_LoopbackAndHttpsAlone_SaysNothing(CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = CreateHost();
        builder.Services.AddSpidClientCredentials(options =>
        {
            ApiRig.CopyTo(options);
            (options.Environment, options.Authority) = (null, new Uri("http://localhost:5901"));
        });
        builder.Services.AddHttpClient("api", http => http.BaseAddress = new Uri("http://localhost:8080")).AddSpidTokenHandler();
        using IHost host = builder.Build();

        await host.StartAsync(cancellationToken);

        Assert.That(Warnings(host), Is.Empty);
        await host.StopAsync(cancellationToken);
    }

    [Test]
    public async Task StartAsync_PlainHttpNotAllowed_NamesTheOptionOfEachFault()
    {
        HostApplicationBuilder builder = CreateHost();
        builder.Services.AddSpidClientCredentials(options =>
        {
            ApiRig.CopyTo(options);
            (options.Environment, options.Authority, options.TokenEndpoint) = (null, new Uri("http://spid:5901"), new Uri("http://spid:5902/token"));
        });
        builder.Services.AddHttpClient("api").AddSpidTokenHandler(options => options.AllowedOrigins.Add("http://api:8080"));
        using IHost host = builder.Build();

        AggregateException exception = (await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync()))!;

        string[] faults = [.. exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures)];
        Assert.That(faults, Has.Length.EqualTo(3).And.All.Contains("set AllowPlainHttp"));
    }

    private static HostApplicationBuilder CreateHost()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddFakeLogging();
        return builder;
    }

    private static string[] Warnings(IHost host) =>
        [.. host.Services.GetFakeLogCollector().GetSnapshot().Where(record => record.Level >= LogLevel.Warning).Select(record => record.Message)];
}
