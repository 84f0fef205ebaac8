using Microsoft.Extensions.Logging;

namespace Spid.Client.Tests.Shared;

/// <summary>A logger that fails at errors, as one does whose disk is full.</summary>
internal sealed class ThrowingLoggerFactory : ILoggerFactory, ILogger
{
    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error)
        {
            throw new InvalidOperationException("The log cannot be written.");
        }
    }

    public void Dispose()
    {
    }
}
