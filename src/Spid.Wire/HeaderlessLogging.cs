using Microsoft.Extensions.Http.Logging;
using Microsoft.Extensions.Logging;

namespace Spid.Wire;

/// <summary>
/// Keeps headers out of the HttpClient logs of the clients that carry tokens or secrets. At Trace the platform logs all headers;
/// what it redacts is the text alone, and structured sinks receive the values. Nor does it log exceptions that quote a broken answer.
/// </summary>
internal static class HeaderlessLogging
{
    /// <summary>Replaces the platform's logging handlers in a chain that has sent no request yet, wherever they come from.</summary>
    /// <returns>The first handler of the chain, which is another one when the first was replaced.</returns>
    public static HttpMessageHandler Replace(HttpMessageHandler handler, ILoggerFactory loggers, string? clientName)
    {
        if (handler is not DelegatingHandler outer)
        {
            return handler;
        }

        ReplaceBelow(outer, loggers, clientName);
        DelegatingHandler replaced = ReplaceOne(outer, loggers, clientName);
        if (replaced != outer && outer.InnerHandler is { } inner)
        {
            replaced.InnerHandler = inner;
        }

        return replaced;
    }

    /// <summary>Replaces the platform's logging handlers below one that stays.</summary>
    public static void ReplaceBelow(DelegatingHandler outer, ILoggerFactory loggers, string? clientName)
    {
        if (outer.InnerHandler is { } inner && Replace(inner, loggers, clientName) is var replaced && replaced != inner)
        {
            outer.InnerHandler = replaced;
        }
    }

    /// <summary>Gives what a handler is to be replaced with, which is itself when it logs nothing.</summary>
    public static DelegatingHandler ReplaceOne(DelegatingHandler handler, ILoggerFactory loggers, string? clientName)
    {
        string category = $"System.Net.Http.HttpClient.{(string.IsNullOrEmpty(clientName) ? "Default" : clientName)}";
        return handler switch
        {
            LoggingScopeHttpMessageHandler => new LoggingScopeHttpMessageHandler(new HeaderlessLogger(new SafeLogger(loggers.CreateLogger($"{category}.LogicalHandler")))),
            LoggingHttpMessageHandler => new LoggingHttpMessageHandler(new HeaderlessLogger(new SafeLogger(loggers.CreateLogger($"{category}.ClientHandler")))),
            _ => handler,
        };
    }
}
