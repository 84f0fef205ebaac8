using Microsoft.Extensions.DependencyInjection;
using Refit;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>Refit: a client that is generated from an interface.</summary>
[CancelAfter(60_000)]
internal sealed class RefitTests
{
    [Test]
    public async Task Script_MethodsOfAnInterface_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(place);
        IMessages messages = host.Provider.GetRequiredService<IMessages>();

        await new CallScript(host, stopping => CallAsync(() => messages.GetAsync(stopping))).RunAsync(cancellationToken);
    }

    [Test(Description = "A29")]
    public async Task Script_MethodsMarkedWithBearer_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(place);
        IMessages messages = host.Provider.GetRequiredService<IMessages>();

        await new CallScript(host, stopping => CallAsync(() => messages.GetMarkedAsync(stopping))).RunAsync(cancellationToken);
    }

    [Test(Description = "A28")]
    public async Task PostAsync_ContentAndTheTokenIsRevoked_SameBytesAreRepeated(CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(Place.Before);
        IMessages messages = host.Provider.GetRequiredService<IMessages>();

        await Repetition.AssertSameBytesAsync(host, () => CallAsync(() => messages.PostAsync(new StringContent("a message"), cancellationToken)), "a message");
    }

    private static ApiHost Create(Place place)
    {
        var host = new ApiHost();
        if (place is Place.Defaults)
        {
            host.Services.ConfigureHttpClientDefaults(Quick.AddRetries);
        }

        IHttpClientBuilder api = host.Services.AddRefitGeneratedClient<IMessages>().ConfigurePrimaryHttpMessageHandler(host.Api.CreateHandler);
        switch (place)
        {
            case Place.Before:
                api.ConfigureHttpClient(http => http.BaseAddress = new Uri(ApiHost.Address)).AddSpidTokenHandler();
                break;
            default:
                api.AddSpidTokenHandler().ConfigureHttpClient(http => http.BaseAddress = new Uri(ApiHost.Address));
                break;
        }

        return host;
    }

    private static Task<CallOutcome> CallAsync(Func<Task<IApiResponse>> call) => CallOutcome.OfAsync(async () =>
    {
        using IApiResponse response = await call();
        return response.StatusCode is { } status ? (int)status : throw response.Error!;
    });
}
