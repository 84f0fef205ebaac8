using Microsoft.Extensions.Http;
using Spid.ResourceServer.Introspection;

namespace Spid.ResourceServer.DependencyInjection;

/// <summary>Gives the clients of verifiers the handler that completes addresses, after all others.</summary>
internal sealed class LookUpAddresses(Func<string, bool> isOfVerifier) : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        if (isOfVerifier(builder.Name ?? ""))
        {
            builder.AdditionalHandlers.Add(new LookUpAddress());
        }
    };
}
