using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Spid.ResourceServer.Diagnostics;

namespace Spid.ResourceServer.Tests.Shared;

/// <summary>Writes down measurements of verifiers, one line each: instrument, value (of histograms 0), tags. Fixtures that use it run alone.</summary>
internal sealed class MetricLines : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _lines = new();

    public MetricLines()
    {
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == SpidVerificationDiagnostics.MeterName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, instrument is Histogram<double> ? 0 : value, tags));
        _listener.Start();
    }

    /// <summary>Reads the gauges and gives everything so far.</summary>
    public string[] Read()
    {
        _listener.RecordObservableInstruments();
        return [.. _lines];
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string text = string.Join(' ', tags.ToArray().Where(tag => tag.Key != SpidVerificationDiagnostics.VerifierTag).Select(tag => $"{tag.Key}={tag.Value}"));
        _lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{instrument.Name} {value} {text}").TrimEnd());
    }
}
