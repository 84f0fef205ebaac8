using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Spid.AspNetCore.Tests.Shared;

/// <summary>Keeps what a process tells about itself beside its logs: activities with their tags and events, and the tags of measurements.</summary>
internal sealed class Sinks : IDisposable
{
    private readonly ConcurrentQueue<string> _entries = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();

    public Sinks()
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _entries.Enqueue(Describe(activity)),
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Add(instrument, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
        _meters.Start();
    }

    public IReadOnlyCollection<string> Entries => _entries;

    public void Observe() => _meters.RecordObservableInstruments();

    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
    }

    private static string Describe(Activity activity) =>
        $"activity {activity.Source.Name} {activity.DisplayName} {activity.StatusDescription} {Describe(activity.TagObjects)} {Describe(activity.Baggage)} "
        + string.Join(' ', activity.Events.Select(entry => $"{entry.Name} {Describe(entry.Tags)}"));

    private static string Describe<TValue>(IEnumerable<KeyValuePair<string, TValue>> tags) => string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));

    private void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _entries.Enqueue($"metric {instrument.Meter.Name} {instrument.Name} {Describe(tags.ToArray())}");
}
