using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Spid.AspNetCore.Tests.Shared;

/// <summary>Keeps every log line with its exception and the values in it, at every level, and every scope.</summary>
internal sealed class RecordingLoggers : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public bool IsOn { get; set; } = true;

    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, this);

    public void Dispose() => _lines.Clear();

    private sealed class Recorder(string category, RecordingLoggers owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            if (owner.IsOn)
            {
                owner._lines.Enqueue($"Scope {category} {state} {Values(state)}");
            }

            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => owner.IsOn;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                owner._lines.Enqueue($"{logLevel} {category} {eventId.Name} {formatter(state, exception)} {Values(state)} {exception}");
            }
        }

        private static string Values(object? state) =>
            state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(';', pairs.Select(pair => $"{pair.Key}={pair.Value}")) : "";
    }
}
