using Flurl.Http;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>Flurl over a client of the factory.</summary>
[CancelAfter(60_000)]
internal sealed class FlurlTests
{
    [Test]
    public async Task Script_ClientOfTheFactory_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, Quick.AddRetries);
        using var client = new FlurlClient(host.Client);

        await new CallScript(host, stopping => GetAsync(client, stopping)).RunAsync(cancellationToken);
    }

    private static async Task<CallOutcome> GetAsync(FlurlClient client, CancellationToken cancellationToken)
    {
        try
        {
            IFlurlResponse response = await client.Request("messages").GetAsync(HttpCompletionOption.ResponseContentRead, cancellationToken);
            return new CallOutcome(response.StatusCode);
        }
        catch (FlurlHttpException exception)
        {
            return new CallOutcome(exception.StatusCode ?? 0, exception);
        }
    }
}
