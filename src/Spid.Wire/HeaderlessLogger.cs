using Microsoft.Extensions.Logging;

namespace Spid.Wire;

/// <summary>Logs nothing at Trace, the level at which the platform logs headers, and no exception that quotes what a server sent.</summary>
internal sealed class HeaderlessLogger(ILogger inner) : ILogger
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
