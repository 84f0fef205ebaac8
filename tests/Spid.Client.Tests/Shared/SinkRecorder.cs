using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Spid.Client.Tests.Shared;

/// <summary>Writes down everything that leaves the process as telemetry: logs with state and scopes, spans and metric tags.</summary>
internal sealed class SinkRecorder : ILoggerProvider, ISupportExternalScope
{
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public SinkRecorder()
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Record,
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Record("metric", instrument.Name, tags.ToArray()));
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Record("metric", instrument.Name, tags.ToArray()));
        _meters.Start();
    }

    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Record(string sink, params object?[] values) => Lines.Enqueue($"[{sink}] {string.Join(" | ", values.Select(Flatten))}");

    /// <summary>Writes down an exception in every form that a handler of exceptions might.</summary>
    public void Record(Exception exception)
    {
        Record("exception", exception.ToString(), exception.Data);
        for (Exception? current = exception; current is not null; current = current.InnerException)
        {
            Record("exception property", [.. current.GetType().GetProperties().Where(property => property.Name != "TargetSite").Select(property => (object?)$"{property.Name}={Flatten(property.GetValue(current))}")]);
        }
    }

    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
    }

    private static string Flatten(object? value) => value switch
    {
        null => "",
        string text => text,
        KeyValuePair<string, object?> pair => $"{pair.Key}={Flatten(pair.Value)}",
        DictionaryEntry pair => $"{Flatten(pair.Key)}={Flatten(pair.Value)}",
        IEnumerable values => $"{value} {string.Join(", ", values.Cast<object?>().Select(Flatten))}",
        _ => value.ToString() ?? "",
    };

    private void Record(Activity activity)
    {
        Record("span", activity.OperationName, activity.DisplayName, activity.StatusDescription, activity.TagObjects, activity.Baggage, activity.Events.Select(@event => @event.Tags), activity.Links.Select(link => link.Tags));
    }

    private sealed class Logger(SinkRecorder recorder, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => recorder._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            recorder.Record("log", category, eventId, formatter(state, exception), state, exception);
            recorder._scopes.ForEachScope((scope, to) => to.Record("scope", scope), recorder);
        }
    }
}
