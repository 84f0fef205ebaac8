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

    [Test(Description = "A28")]
    public async Task PostJsonAsync_TokenIsRevoked_SameBytesAreRepeated(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(Place.Before, Quick.AddRetries);
        using var client = new FlurlClient(host.Client);

        await Repetition.AssertSameBytesAsync(
            host,
            () => CallAsync(() => client.Request("messages").PostJsonAsync(new { Text = "a message" }, HttpCompletionOption.ResponseContentRead, cancellationToken)),
            """{"Text":"a message"}""");
    }

    private static Task<CallOutcome> GetAsync(FlurlClient client, CancellationToken cancellationToken) =>
        CallAsync(() => client.Request("messages").GetAsync(HttpCompletionOption.ResponseContentRead, cancellationToken));

    private static async Task<CallOutcome> CallAsync(Func<Task<IFlurlResponse>> call)
    {
        try
        {
            IFlurlResponse response = await call();
            return new CallOutcome(response.StatusCode);
        }
        catch (FlurlHttpException exception)
        {
            return new CallOutcome(exception.StatusCode ?? 0, exception);
        }
    }
}
