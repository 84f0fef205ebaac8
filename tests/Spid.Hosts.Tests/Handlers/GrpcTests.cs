using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>The gRPC client factory: its address counts as the base address of the client.</summary>
[CancelAfter(60_000)]
internal sealed class GrpcTests
{
    [Test]
    public async Task Script_UnaryCalls_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        AddMessages(host, place, ApiHost.Address);
        MessagesClient messages = host.Provider.GetRequiredService<MessagesClient>();

        await new CallScript(host, stopping => CallAsync(messages, stopping)).RunAsync(cancellationToken);
    }

    [TestCase("https://api.test/")]
    [TestCase("https://api.test:50051")]
    [TestCase("http://localhost:50051")]
    public async Task GetAsync_AddressOfTheFactory_IsAllowed(string address, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        AddMessages(host, Place.Before, address);

        CallOutcome outcome = await CallAsync(host.Provider.GetRequiredService<MessagesClient>(), cancellationToken);

        Assert.That(outcome.Status, Is.EqualTo(200), outcome.ToString());
        Assert.That(host.Api.Attempts.Single().Token, Is.Not.Null);
    }

    [Test]
    public async Task GetAsync_AddressOfTheFactoryIsPlainHttp_TokenStaysHere(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        AddMessages(host, Place.Before, "http://api.test");

        CallOutcome outcome = await CallAsync(host.Provider.GetRequiredService<MessagesClient>(), cancellationToken);

        Assert.That(outcome.Failure?.Message, Does.Contain("http://api.test"));
        Assert.That((host.Api.Attempts.Count, host.TokenRequests), Is.EqualTo((0, 0)));
    }

    [Test(Description = "A8")]
    public async Task GetAsync_AddressIsAServiceName_TokenGoesToTheEndpoint(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.Services.AddSingleton<IConfiguration>(new ConfigurationManager { ["Services:messages:https:0"] = "https://10.0.0.7:5001" });
        host.Services.AddServiceDiscovery();
        host.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        AddMessages(host, Place.Defaults, "https://messages");

        CallOutcome outcome = await CallAsync(host.Provider.GetRequiredService<MessagesClient>(), cancellationToken);

        Assert.That(outcome.Status, Is.EqualTo(200), outcome.ToString());
        Assert.That(host.Api.Attempts.Single().Origin, Is.EqualTo("https://10.0.0.7:5001"));
    }

    [Test]
    public async Task GetAsync_TwoNamedClients_EachMayCallItsOwnAddress(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        foreach (string name in new[] { "one", "two" })
        {
            host.Services.AddGrpcClient<MessagesClient>(name, options => options.Address = new Uri($"https://{name}.test"))
                .AddSpidTokenHandler()
                .ConfigurePrimaryHttpMessageHandler(() => new GrpcApiHandler(host.Api));
        }

        Grpc.Net.ClientFactory.GrpcClientFactory factory = host.Provider.GetRequiredService<Grpc.Net.ClientFactory.GrpcClientFactory>();
        await CallAsync(factory.CreateClient<MessagesClient>("one"), cancellationToken);
        await CallAsync(factory.CreateClient<MessagesClient>("two"), cancellationToken);

        Assert.That(host.Api.Attempts.Select(attempt => attempt.Origin), Is.EqualTo(new[] { "https://one.test", "https://two.test" }));
    }

    private static void AddMessages(ApiHost host, Place place, string address)
    {
        if (place is Place.Defaults)
        {
            host.Services.ConfigureHttpClientDefaults(Quick.AddRetries);
        }

        IHttpClientBuilder messages = host.Services.AddGrpcClient<MessagesClient>(options => options.Address = new Uri(address))
            .ConfigurePrimaryHttpMessageHandler(() => new GrpcApiHandler(host.Api));
        if (place is Place.Before)
        {
            Quick.AddRetries(messages);
        }

        messages.AddSpidTokenHandler();
        if (place is Place.After)
        {
            Quick.AddRetries(messages);
        }
    }

    private static async Task<CallOutcome> CallAsync(MessagesClient messages, CancellationToken cancellationToken)
    {
        try
        {
            await messages.GetAsync(cancellationToken);
            return new CallOutcome(200);
        }
        catch (RpcException exception)
        {
            int status = exception.StatusCode switch
            {
                StatusCode.Unauthenticated => 401,
                StatusCode.Unavailable => 503,
                _ => 0,
            };
            return new CallOutcome(status, exception.Status.DebugException ?? exception);
        }
    }

    private sealed class GrpcApiHandler(Api api) : ApiHandler(api)
    {
        protected override HttpResponseMessage Answer(HttpStatusCode status)
        {
            var response = new HttpResponseMessage(status) { Version = HttpVersion.Version20 };
            if (status is HttpStatusCode.OK)
            {
                // A message that is not compressed and has no bytes.
                response.Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } };
                response.TrailingHeaders.Add("grpc-status", "0");
            }

            return response;
        }
    }
}
