using RestSharp;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>RestSharp over a client of the factory.</summary>
[CancelAfter(60_000)]
internal sealed class RestSharpTests
{
    [Test]
    public async Task Script_ClientOfTheFactory_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, Quick.AddRetries);
        using var client = new RestClient(host.Client, disposeHttpClient: true);

        await new CallScript(host, async stopping =>
        {
            RestResponse response = await client.ExecuteAsync(new RestRequest("messages"), stopping);
            return new CallOutcome((int)response.StatusCode, response.ErrorException);
        }).RunAsync(cancellationToken);
    }

    [Test]
    public async Task Script_ClientOverTheChainOfHandlers_TwentyCalls(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(Place.After, Quick.AddRetries);
        using var client = new RestClient(host.Chain, disposeHandler: false, options => options.BaseUrl = new Uri(ApiHost.Address));

        await new CallScript(host, async stopping =>
        {
            RestResponse response = await client.ExecuteAsync(new RestRequest("messages"), stopping);
            return new CallOutcome((int)response.StatusCode, response.ErrorException);
        }).RunAsync(cancellationToken);
    }
}
