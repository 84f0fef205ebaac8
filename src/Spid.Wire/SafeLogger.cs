using Microsoft.Extensions.Logging;

namespace Spid.Wire;

/// <summary>Keeps what a logger of the application throws away from the work that is logged.</summary>
internal sealed class SafeLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => ForeignCode.Ask((inner, state), static call => call.inner.BeginScope(call.state));

    public bool IsEnabled(LogLevel logLevel) => ForeignCode.Ask((inner, logLevel), static call => call.inner.IsEnabled(call.logLevel));

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        ForeignCode.Tell(
            (inner, logLevel, eventId, state, exception, formatter),
            static call => call.inner.Log(call.logLevel, call.eventId, call.state, call.exception, call.formatter));
}
