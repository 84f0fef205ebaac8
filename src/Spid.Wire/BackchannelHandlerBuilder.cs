using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;

namespace Spid.Wire;

/// <summary>Builds the handlers of a connection to SPiD. The rules of the connection are applied last, when everything else has been added.</summary>
internal sealed class BackchannelHandlerBuilder(IServiceProvider services, HttpClientFactoryOptions options, Func<DelegatingHandler>? createInnermost)
    : HttpMessageHandlerBuilder
{
    private HttpMessageHandler? _primaryHandler;

    public override string? Name { get; set; }

    public override HttpMessageHandler PrimaryHandler
    {
        get => _primaryHandler ??= CreatePrimaryHandler();
        set => _primaryHandler = value;
    }

    public override IList<DelegatingHandler> AdditionalHandlers { get; } = [];

    public override IServiceProvider Services { get; } = services;

    public override HttpMessageHandler Build()
    {
        DelegatingHandler[] innermost = createInnermost is null ? [] : [createInnermost()];
        HttpMessageHandler pipeline = CreateHandlerPipeline(PrimaryHandler, [.. AdditionalHandlers, .. innermost]);
        Backchannel.Secure(pipeline);
        return HeaderlessLogging.Replace(pipeline, Services.GetRequiredService<ILoggerFactory>(), Name);
    }

    private SocketsHttpHandler CreatePrimaryHandler()
    {
        var handler = new SocketsHttpHandler();
        if (options.HandlerLifetime != Timeout.InfiniteTimeSpan)
        {
            handler.PooledConnectionLifetime = options.HandlerLifetime;
        }

        return handler;
    }
}
