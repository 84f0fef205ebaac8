using Microsoft.Extensions.DependencyInjection;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>TestServer as the primary handler, as tests of an application that calls another one have it.</summary>
[CancelAfter(60_000)]
internal sealed class TestServerTests
{
    [Test]
    public async Task Script_ServiceInMemory_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        await using ApiServer server = await ApiServer.StartAsync(host.Api);
        host.AddApi(place, Quick.AddRetries);
        host.Services.AddHttpClient(ApiHost.Name).ConfigurePrimaryHttpMessageHandler(server.CreateHandler);

        await new CallScript(host, host.GetAsync).RunAsync(cancellationToken);
    }
}
