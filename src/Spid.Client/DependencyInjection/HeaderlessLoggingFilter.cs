using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;

namespace Spid.Client.DependencyInjection;

/// <summary>
/// Keeps headers out of what is logged above the token handler of a client, where the application may have set a token itself.
/// Below it <see cref="Http.SpidTokenHandler"/> does that, which no other filter can undo.
/// </summary>
internal sealed class HeaderlessLoggingFilter(Func<string, bool> carriesTokens, ILoggerFactory loggers) : IHttpMessageHandlerBuilderFilter
{
    /// <summary>Puts it first among the filters: the first acts last, when the platform's own has put its logging into the chain.</summary>
    public static void AddTo(IServiceCollection services, Func<string, bool> carriesTokens) =>
        services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter>(provider => new HeaderlessLoggingFilter(
            carriesTokens, provider.GetRequiredService<ILoggerFactory>())));

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        if (!carriesTokens(builder.Name ?? ""))
        {
            return;
        }

        for (int index = 0; index < builder.AdditionalHandlers.Count; index++)
        {
            builder.AdditionalHandlers[index] = HeaderlessLogging.ReplaceOne(builder.AdditionalHandlers[index], loggers, builder.Name);
        }
    };
}
