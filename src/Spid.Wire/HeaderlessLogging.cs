using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Spid.Wire;

/// <summary>
/// Keeps headers out of the HttpClient logs of the clients that carry tokens or secrets. At Trace the platform logs all headers;
/// what it redacts is the text alone, and structured sinks receive the values. Nor does it log exceptions that quote a broken answer.
/// </summary>
internal sealed class HeaderlessLogging(Func<string, bool> carriesSecrets, ILoggerFactory loggers, IOptionsMonitor<HttpClientFactoryOptions> options)
    : IHttpMessageHandlerBuilderFilter
{
    /// <summary>Puts it first among the filters: the first acts last, when the platform's own has put its logging into the chain.</summary>
    public static void AddTo(IServiceCollection services, Func<string, bool> carriesSecrets) =>
        services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter>(provider => new HeaderlessLogging(
            carriesSecrets,
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>())));

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        string name = builder.Name ?? "";
        if (carriesSecrets(name))
        {
            Replace(builder.AdditionalHandlers, name);
        }
    };

    private void Replace(IList<DelegatingHandler> handlers, string name)
    {
        string category = $"System.Net.Http.HttpClient.{(name.Length == 0 ? "Default" : name)}";
        for (int index = 0; index < handlers.Count; index++)
        {
            handlers[index] = handlers[index] switch
            {
                LoggingScopeHttpMessageHandler => new LoggingScopeHttpMessageHandler(CreateLogger($"{category}.LogicalHandler"), options.Get(name)),
                LoggingHttpMessageHandler => new LoggingHttpMessageHandler(CreateLogger($"{category}.ClientHandler"), options.Get(name)),
                DelegatingHandler other => other,
            };
        }
    }

    private WithoutTrace CreateLogger(string category) => new(loggers.CreateLogger(category));

    private sealed class WithoutTrace(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.Trace && inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                inner.Log(logLevel, eventId, state, Failures.QuotesServer(exception) ? null : exception, formatter);
            }
        }
    }
}
