using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Spid.Hosts.Tests.Shared;
using Yarp.ReverseProxy.Forwarder;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>YARP: a proxy that calls the service behind it with tokens of its own.</summary>
[CancelAfter(60_000)]
internal sealed class YarpTests
{
    [Test]
    public async Task Script_ForwarderOverTheChain_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(place);
        using var invoker = new HttpMessageInvoker(host.Chain, disposeHandler: false);

        await new CallScript(host, _ => ForwardAsync(host, invoker, authorization: null)).RunAsync(cancellationToken);
    }

    [Test(Description = "the transformer of an application takes the header of the incoming request off, as it must to put another one on")]
    public async Task Script_IncomingRequestIsAuthorized_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(place);
        using var invoker = new HttpMessageInvoker(host.Chain, disposeHandler: false);

        await new CallScript(host, _ => ForwardAsync(host, invoker, "Bearer of-the-user")).RunAsync(cancellationToken);
    }

    private static ApiHost Create(Place place)
    {
        var host = new ApiHost();
        host.Services.AddHttpForwarder();
        host.AddApi(place, Quick.AddRetries);
        return host;
    }

    private static async Task<CallOutcome> ForwardAsync(ApiHost host, HttpMessageInvoker invoker, string? authorization)
    {
        var context = new DefaultHttpContext { RequestServices = host.Provider };
        (context.Request.Method, context.Request.Path, context.Request.Protocol) = ("GET", "/messages", "HTTP/1.1");
        context.Request.Headers.Authorization = authorization;
        await host.Provider.GetRequiredService<IHttpForwarder>().SendAsync(
            context, ApiHost.Address, invoker, ForwarderRequestConfig.Empty, new WithoutAuthorization());
        return new CallOutcome(context.Response.StatusCode, context.Features.Get<IForwarderErrorFeature>()?.Exception);
    }

    private sealed class WithoutAuthorization : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Authorization = null;
        }
    }
}
