using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>The guard next to the transport, whoever gives the transport.</content>
internal sealed partial class SpidTokenHandlerTests
{
    [Test]
    public async Task SendAsync_FilterReplacesThePrimaryHandler_TokenStaysHere([Values] bool first)
    {
        using var other = new StubApi();
        using var rig = new ApiRig(below: http => http.AddHttpMessageHandler(() => new Rewriting("https://elsewhere.example.com/v1/messages")));
        var filter = ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter>(new ReplacingThePrimaryHandler(other));
        rig.Services.Insert(first ? 0 : rig.Services.Count, filter);

        await Assert.ThatAsync(() => rig.Client.GetAsync("messages"), Throws.TypeOf<SpidException>().With.Message.Contains("https://elsewhere.example.com"));

        Assert.That(other.Count + rig.Api.Count, Is.Zero);
    }

    [Test]
    public async Task SendAsync_PrimaryHandlerDelegates_GuardStandsAboveIt()
    {
        using var rig = new ApiRig(below: http => http.AddHttpMessageHandler(() => new Rewriting("https://elsewhere.example.com/v1/messages")));
        int passed = 0;
        rig.HttpClient.ConfigurePrimaryHttpMessageHandler(() => new NotingHandler(_ => passed++) { InnerHandler = rig.Api });

        await Assert.ThatAsync(() => rig.Client.GetAsync("messages"), Throws.TypeOf<SpidException>());

        Assert.That(passed, Is.Zero);
    }

    [Test]
    public async Task SendAsync_MetersOfTheContainer_SeeTheRequest(CancellationToken cancellationToken)
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Status(200));
        using var rig = new ApiRig(handler: options => options.AllowedOrigins.Add($"http://127.0.0.1:{server.Port}"));
        rig.HttpClient.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler());
        using var durations = new MetricCollector<double>(rig.Provider.GetRequiredService<IMeterFactory>(), "System.Net.Http", "http.client.request.duration");

        using HttpResponseMessage response = await rig.Client.GetAsync($"http://127.0.0.1:{server.Port}/messages", cancellationToken);

        Assert.That(durations.GetMeasurementSnapshot(), Has.Count.EqualTo(1));
    }

    private sealed class Rewriting(string address) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(address);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class ReplacingThePrimaryHandler(HttpMessageHandler primary) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            if (builder.Name == ApiRig.Name)
            {
                builder.PrimaryHandler = primary;
            }
        };
    }
}
