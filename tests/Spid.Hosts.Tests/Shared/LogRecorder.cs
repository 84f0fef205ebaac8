using System.Collections;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Spid.Hosts.Tests.Shared;

/// <summary>A sink that reads structured state, where the platform redacts the text alone.</summary>
internal sealed class LogRecorder : ILoggerProvider
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private static string Flatten(object? value) => value switch
    {
        null => "",
        string text => text,
        KeyValuePair<string, object?> pair => $"{pair.Key}={Flatten(pair.Value)}",
        IEnumerable values => string.Join(", ", values.Cast<object?>().Select(Flatten)),
        _ => value.ToString() ?? "",
    };

    private sealed class Logger(LogRecorder recorder, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            recorder.Lines.Enqueue($"{category} scope {Flatten(state)}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            recorder.Lines.Enqueue($"{category} {logLevel} {formatter(state, exception)} {Flatten(state)} {exception}");
    }
}
