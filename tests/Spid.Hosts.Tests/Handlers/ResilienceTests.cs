using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Spid.Client;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>Microsoft.Extensions.Http.Resilience: a failure to get a token is no attempt at the service.</summary>
[CancelAfter(60_000)]
internal sealed class ResilienceTests
{
    [Test]
    public async Task Script_StandardResilience_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, Quick.AddRetries);

        await new CallScript(host, host.GetAsync).RunAsync(cancellationToken);
    }

    [Test]
    public async Task Script_StandardHedging_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, Quick.AddHedging);

        await new CallScript(host, host.GetAsync).RunAsync(cancellationToken);
    }

    [Test]
    public async Task Script_SynchronousSend_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, Quick.AddRetries);

        await new CallScript(host, stopping => CallOutcome.OfAsync(() => Task.Run(() => Send(host, stopping), stopping))).RunAsync(cancellationToken);
    }

    [Test]
    public async Task GetAsync_HedgedAtOnceAndTheTokenIsRevoked_IsRenewedOnceAndSucceeds([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, http => http.AddStandardHedgingHandler().Configure(options => options.Hedging.Delay = TimeSpan.Zero));
        await host.GetAsync(cancellationToken);
        host.Api.Revoke(host.Api.LatestToken);

        CallOutcome outcome = await host.GetAsync(cancellationToken);

        Assert.That((outcome.Status, host.TokenRequests), Is.EqualTo((200, 2)));
        Assert.That(host.AuthorizationsBelow, Has.None.Null);
        Assert.That(host.MessagesAbove.Select(message => message.Headers.Authorization), Has.All.Null);
    }

    [Test(Description = "A7: as many calls as open the circuit breaker of the package's defaults when each is an attempt at the service")]
    public async Task GetAsync_DefaultsOfThePackageForAllClientsAndAWrongSecret_FailsFastWithOneTokenRequest(CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.Services.PostConfigure<SpidClientOptions>(options => options.ClientSecret = "a-secret-of-another-client");
        host.AddApi(Place.Defaults, http => http.AddStandardResilienceHandler());

        for (int call = 0; call < 101; call++)
        {
            CallOutcome outcome = await host.GetAsync(cancellationToken);
            Assert.That(outcome.Exception, Is.TypeOf<SpidException>().With.Property(nameof(SpidException.Kind)).EqualTo(SpidErrorKind.Configuration));
        }

        Assert.That((host.TokenRequests, host.AuthorizationsBelow.Count, host.Api.Attempts.Count), Is.EqualTo((1, 0, 0)));
    }

    [Test(Description = "A10")]
    public async Task GetAsync_ServiceFailsAndTheTokenIsRevoked_IsRenewedOnceAndSucceeds([Values] Place place, [Values] bool hedging, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, hedging ? Quick.AddHedging : Quick.AddRetries);
        host.Api.Fail(1, revoke: true);

        CallOutcome outcome = await host.GetAsync(cancellationToken);

        Assert.That((outcome.Status, host.TokenRequests), Is.EqualTo((200, 2)));
        Assert.That(host.Api.Attempts.Select(attempt => attempt.Token).Distinct().Count(), Is.EqualTo(2));
        Assert.That(host.Api.Attempts, Has.Count.EqualTo(3));
    }

    [Test(Description = "A28")]
    public async Task PostAsync_TokenIsRevoked_SameBytesAreRepeated([Values] Place place, [Values] bool hedging, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, hedging ? Quick.AddHedging : Quick.AddRetries);

        await Repetition.AssertSameBytesAsync(host, () => PostAsync(host, cancellationToken), "a message");
    }

    private static int Send(ApiHost host, CancellationToken cancellationToken)
    {
        using HttpClient client = host.Client;
        using var request = new HttpRequestMessage(HttpMethod.Get, "messages");
        using HttpResponseMessage response = client.Send(request, cancellationToken);
        return (int)response.StatusCode;
    }

    private static Task<CallOutcome> PostAsync(ApiHost host, CancellationToken cancellationToken) => CallOutcome.OfAsync(async () =>
    {
        using HttpClient client = host.Client;
        using HttpResponseMessage response = await client.PostAsync("messages", new StringContent("a message"), cancellationToken);
        return (int)response.StatusCode;
    });
}
