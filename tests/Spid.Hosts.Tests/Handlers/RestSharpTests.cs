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

        await new CallScript(host, stopping => CallAsync(client, new RestRequest("messages"), stopping)).RunAsync(cancellationToken);
    }

    [Test]
    public async Task Script_ClientOverTheChainOfHandlers_TwentyCalls(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(Place.After, Quick.AddRetries);
        using var client = new RestClient(host.Chain, disposeHandler: false, options => options.BaseUrl = new Uri(ApiHost.Address));

        await new CallScript(host, stopping => CallAsync(client, new RestRequest("messages"), stopping)).RunAsync(cancellationToken);
    }

    [Test(Description = "A28")]
    public async Task ExecuteAsync_JsonBodyAndTheTokenIsRevoked_SameBytesAreRepeated(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(Place.Before, Quick.AddRetries);
        using var client = new RestClient(host.Client, disposeHttpClient: true);

        await Repetition.AssertSameBytesAsync(
            host,
            () => CallAsync(client, new RestRequest("messages", Method.Post).AddJsonBody(new { Text = "a message" }), cancellationToken),
            """{"text":"a message"}""");
    }

    private static async Task<CallOutcome> CallAsync(RestClient client, RestRequest request, CancellationToken cancellationToken)
    {
        RestResponse response = await client.ExecuteAsync(request, cancellationToken);
        return new CallOutcome((int)response.StatusCode, response.ErrorException);
    }
}
