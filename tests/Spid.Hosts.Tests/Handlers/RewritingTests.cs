using Microsoft.Extensions.DependencyInjection;
using Spid.Hosts.Tests.Shared;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>A handler that sends requests through a sidecar on loopback, as the invocation handler of Dapr does.</summary>
[CancelAfter(60_000)]
internal sealed class RewritingTests
{
    private const string Sidecar = "http://localhost:3500";

    [Test]
    public async Task Script_SidecarOnLoopback_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, http => http.AddHttpMessageHandler(() => new InvocationHandler(Sidecar)), "http://orders");

        await new CallScript(host, host.GetAsync) { Origins = [Sidecar] }.RunAsync(cancellationToken);
        Assert.That(host.Api.Attempts.Select(attempt => attempt.Uri?.AbsolutePath), Has.All.EqualTo("/v1.0/invoke/orders/method/messages"));
    }

    [Test]
    public async Task GetAsync_SidecarElsewhere_TokenStaysHere([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, http => http.AddHttpMessageHandler(() => new InvocationHandler("http://sidecar.test:3500")), "http://orders");

        CallOutcome outcome = await host.GetAsync(cancellationToken);

        Assert.That(outcome.Failure?.Message, Does.Contain("http://sidecar.test:3500"));
        Assert.That(host.Api.Attempts, Is.Empty);
    }

    [Test]
    public async Task GetAsync_PublicAddressIsRewrittenToAnother_TokenStaysHere([Values] Place place, CancellationToken cancellationToken)
    {
        await using var host = new ApiHost();
        host.AddApi(place, http => http.AddHttpMessageHandler(() => new InvocationHandler("https://sidecar.test")));

        CallOutcome outcome = await host.GetAsync(cancellationToken);

        Assert.That(outcome.Failure?.Message, Does.Contain("https://sidecar.test"));
        Assert.That(host.Api.Attempts, Is.Empty);
    }

    private sealed class InvocationHandler(string sidecar) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // A repetition finds the address that was rewritten before.
            Uri uri = request.RequestUri!;
            if (!uri.AbsoluteUri.StartsWith(sidecar, StringComparison.Ordinal))
            {
                request.RequestUri = new Uri($"{sidecar}/v1.0/invoke/{uri.Host}/method{uri.PathAndQuery}");
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
