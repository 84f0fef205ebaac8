using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Spid.Hosts.Tests.Shared;
using Yarp.ReverseProxy.Forwarder;

namespace Spid.Hosts.Tests.Handlers;

/// <summary>YARP: a proxy that calls the service behind it with tokens of its own.</summary>
[CancelAfter(60_000)]
internal sealed class YarpTests
{
    private const string OfTheUser = "Bearer of-the-user";

    [Test]
    public async Task Script_ForwarderOverTheChain_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(place);
        using var invoker = new HttpMessageInvoker(host.Chain, disposeHandler: false);

        await new CallScript(host, _ => ForwardAsync(host, invoker, HttpTransformer.Default)).RunAsync(cancellationToken);
    }

    [Test]
    public async Task Script_TransformerTakesTheHeaderOfTheUserOff_TwentyCalls([Values] Place place, CancellationToken cancellationToken)
    {
        await using ApiHost host = Create(place);
        using var invoker = new HttpMessageInvoker(host.Chain, disposeHandler: false);

        await new CallScript(host, _ => ForwardAsync(host, invoker, new WithoutAuthorization(), OfTheUser)).RunAsync(cancellationToken);
    }

    [Test]
    public async Task SendAsync_DefaultTransformerAndAnAuthorizedUser_HeaderOfTheUserIsForwarded()
    {
        await using ApiHost host = Create(Place.Before);
        using var invoker = new HttpMessageInvoker(host.Chain, disposeHandler: false);

        await ForwardAsync(host, invoker, HttpTransformer.Default, OfTheUser);

        Assert.That((host.Api.Attempts.Single().Authorization, host.TokenRequests), Is.EqualTo((OfTheUser, 0)));
    }

    private static ApiHost Create(Place place)
    {
        var host = new ApiHost();
        host.Services.AddHttpForwarder();
        host.AddApi(place, Quick.AddRetries);
        return host;
    }

    private static async Task<CallOutcome> ForwardAsync(ApiHost host, HttpMessageInvoker invoker, HttpTransformer transformer, string? authorization = null)
    {
        var context = new DefaultHttpContext { RequestServices = host.Provider };
        (context.Request.Method, context.Request.Path, context.Request.Protocol) = ("GET", "/messages", "HTTP/1.1");
        context.Request.Headers.Authorization = authorization;
        await host.Provider.GetRequiredService<IHttpForwarder>().SendAsync(
            context, ApiHost.Address, invoker, ForwarderRequestConfig.Empty, transformer);
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
