using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>Microsoft.Extensions.ServiceDiscovery: the origin is the name that the caller wrote, the guard sees the address behind it.</summary>
[CancelAfter(60_000)]
internal sealed class ServiceDiscoveryTests
{
    [TestCase(Place.Before, "https+http://apiservice")]
    [TestCase(Place.After, "https+http://apiservice")]
    [TestCase(Place.Defaults, "https+http://apiservice")]
    [TestCase(Place.Defaults, "https://apiservice")]
    public async Task Script_NameWithAnHttpsEndpoint_TwentyCalls(Place place, string address, CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(place, address, ("https:0", "https://10.0.0.7:5001"));

        await new CallScript(host, host.GetAsync) { Origins = ["https://10.0.0.7:5001"] }.RunAsync(cancellationToken);
    }

    [TestCase("https+http://apiservice", "https:0", "https://10.0.0.7:5001")]
    [TestCase("https+http://apiservice", "http:0", "http://localhost:5002", Description = "A8")]
    [TestCase("http+https://apiservice", "http:0", "http://127.0.0.1:5002")]
    [TestCase("https://apiservice", "https:0", "https://10.0.0.7:5001")]
    [TestCase("http://apiservice", "http:0", "http://localhost:5002")]
    [TestCase("https://_admin.apiservice", "admin:0", "https://10.0.0.7:5003")]
    [TestCase("https+http://_admin.apiservice", "admin:0", "https://10.0.0.7:5003")]
    [TestCase("http://_admin.apiservice", "admin:0", "http://localhost:5003")]
    public async Task GetAsync_NameWithAnEndpoint_TokenGoesToTheEndpoint(string address, string endpoint, string resolved, CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(Place.Defaults, address, (endpoint, resolved));

        CallOutcome outcome = await host.GetAsync(cancellationToken);

        Assert.That(outcome.Status, Is.EqualTo(200), outcome.ToString());
        Assert.That(host.Api.Attempts.Single().Origin, Is.EqualTo(resolved));
    }

    [TestCase("https+http://apiservice", "http:0", "http://10.0.0.7:5002")]
    [TestCase("http://apiservice", "http:0", "http://10.0.0.7:5002")]
    [TestCase("https+http://_admin.apiservice", "admin:0", "http://10.0.0.7:5003")]
    public async Task GetAsync_EndpointIsPlainHttpElsewhere_TokenStaysHere(string address, string endpoint, string resolved, CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(Place.Defaults, address, (endpoint, resolved));

        CallOutcome outcome = await host.GetAsync(cancellationToken);

        Assert.That(outcome.Failure?.Message, Does.Contain(resolved).And.Contain("AllowPlainHttp"));
        Assert.That(host.Api.Attempts, Is.Empty);
    }

    [Test]
    public async Task GetAsync_EndpointIsPlainHttpElsewhereAndAllowed_Succeeds(CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(Place.Defaults, "https+http://apiservice", ("http:0", "http://10.0.0.7:5002"));
        host.Services.Configure<Client.Http.SpidTokenHandlerOptions>(ApiHost.Name, options => options.AllowPlainHttp = true);

        CallOutcome outcome = await host.GetAsync(cancellationToken);

        Assert.That(outcome.Status, Is.EqualTo(200), outcome.ToString());
    }

    private static ApiHost Create(Place place, string address, (string Name, string Address) endpoint)
    {
        var host = new ApiHost();
        host.Services.AddSingleton<IConfiguration>(new ConfigurationManager { [$"Services:apiservice:{endpoint.Name}"] = endpoint.Address });
        host.Services.AddServiceDiscovery();
        host.AddApi(
            place,
            http =>
            {
                // As the defaults of an Aspire project are.
                Quick.AddRetries(http);
                http.AddServiceDiscovery();
            },
            address);
        return host;
    }
}
