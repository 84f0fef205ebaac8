using Microsoft.Extensions.DependencyInjection;
using Polly;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>Microsoft.Extensions.Http.Polly: policies of Polly 7.</summary>
[CancelAfter(60_000)]
internal sealed class PollyPolicyTests
{
    [Test]
    public async Task Script_RetryAndCircuitBreaker_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, AddPolicies);

        await new CallScript(host, host.GetAsync).RunAsync(cancellationToken);
    }

    [Test(Description = "A10")]
    public async Task GetAsync_ServiceFailsAndTheTokenIsRevoked_IsRenewedOnceAndSucceeds([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, AddPolicies);
        host.Api.Fail(1, revoke: true);

        CallOutcome outcome = await host.GetAsync(cancellationToken);

        Assert.That((outcome.Status, host.TokenRequests, host.Api.Attempts.Count), Is.EqualTo((200, 2, 3)));
    }

    private static void AddPolicies(IHttpClientBuilder http) => http
        .AddTransientHttpErrorPolicy(policy => policy.RetryAsync(3))
        .AddTransientHttpErrorPolicy(policy => policy.CircuitBreakerAsync(4, TimeSpan.FromHours(12)));
}
