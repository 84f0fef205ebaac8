using Microsoft.Extensions.Logging;

namespace Spid.Client.Tests.Shared;

/// <summary>A logger that does something at each line: the test gets between two steps of the code that logs.</summary>
internal sealed class ReactingLoggerFactory : ILoggerFactory, ILogger
{
    public Action React { get; set; } = () => { };

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => React();

    public void Dispose()
    {
    }
}
