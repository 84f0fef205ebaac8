using Microsoft.Extensions.Logging;

namespace Spid.Client.Tests.Shared;

/// <summary>A logger that does what the test says at each line, Polly's lines included: it blocks, throws, or uses the client itself.</summary>
internal sealed class HookedLoggerFactory(Action<EventId> react) : ILoggerFactory, ILoggerProvider, ILogger
{
    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => react(eventId);

    public void Dispose()
    {
    }
}
