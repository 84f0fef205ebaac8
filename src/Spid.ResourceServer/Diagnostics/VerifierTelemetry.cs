using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Spid.ResourceServer.Diagnostics;

/// <summary>The instruments and spans of one verifier. Costs one flag check for each token without listeners.</summary>
internal sealed class VerifierTelemetry : IDisposable
{
    private static readonly ActivitySource Activities = new(SpidVerificationDiagnostics.ActivitySourceName);

    private readonly KeyValuePair<string, object?> _verifier;
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Counter<long> _verifications;
    private readonly Histogram<double> _introspections;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _keySetRefreshes;
    private Func<(int Positive, int Negative)>? _entries;
    private Func<TimeSpan?>? _keySetAge;

    public VerifierTelemetry(string verifierName, IMeterFactory? meterFactory)
    {
        _verifier = new(SpidVerificationDiagnostics.VerifierTag, verifierName);
        _ownsMeter = meterFactory is null;
        _meter = meterFactory?.Create(SpidVerificationDiagnostics.MeterName) ?? new Meter(SpidVerificationDiagnostics.MeterName);

        _verifications = _meter.CreateCounter<long>(SpidVerificationDiagnostics.Verifications, "{token}", "Tokens verified.");
        _introspections = _meter.CreateHistogram<double>(SpidVerificationDiagnostics.IntrospectionDuration, "s", "Time that introspection calls took.");
        _rejections = _meter.CreateCounter<long>(SpidVerificationDiagnostics.IntrospectionRejected, "{call}", "Introspection calls that were not made.");
        _keySetRefreshes = _meter.CreateCounter<long>(SpidVerificationDiagnostics.KeySetRefreshes, "{fetch}", "Fetches of the key set.");

        // A meter cannot lose a gauge, so there is one of each, however often the verifier is recreated.
        _meter.CreateObservableGauge(SpidVerificationDiagnostics.CacheEntries, MeasureEntries, "{token}", "Tokens held.");
        _meter.CreateObservableGauge(SpidVerificationDiagnostics.KeySetAge, MeasureKeySetAge, "s", "Age of the key set.");
    }

    public static Activity? Start(string name, ActivityKind kind) => Activities.HasListeners() ? Activities.StartActivity(name, kind) : null;

    public void Verified(SpidVerificationResult result, SpidVerificationMode mode, string cache)
    {
        if (_verifications.Enabled)
        {
            _verifications.Add(
                1,
                [
                    _verifier,
                    new(SpidVerificationDiagnostics.ModeTag, TagValues.Of(mode)),
                    new(SpidVerificationDiagnostics.OutcomeTag, TagValues.Of(result.Status)),
                    new(SpidVerificationDiagnostics.ReasonTag, TagValues.Of(result.Reason)),
                    new(SpidVerificationDiagnostics.CacheTag, cache),
                ]);
        }
    }

    public void Introspected(TimeSpan duration, string outcome) =>
        _introspections.Record(duration.TotalSeconds, _verifier, new(SpidVerificationDiagnostics.OutcomeTag, outcome));

    public void IntrospectionRejected(string cause) => _rejections.Add(1, _verifier, new(SpidVerificationDiagnostics.CauseTag, cause));

    public void KeySetRefreshed(string cause, bool succeeded) => _keySetRefreshes.Add(
        1, _verifier, new(SpidVerificationDiagnostics.CauseTag, cause), new(SpidVerificationDiagnostics.ResultTag, succeeded ? "success" : "failure"));

    /// <summary>Says where the numbers of tokens held are to be had from now on.</summary>
    public void ObserveEntries(Func<(int Positive, int Negative)> entries) => Volatile.Write(ref _entries, entries);

    /// <summary>Says where the age of the key set is to be had from now on; it is <see langword="null"/> while there is none.</summary>
    public void ObserveKeySetAge(Func<TimeSpan?> age) => Volatile.Write(ref _keySetAge, age);

    public void Dispose()
    {
        // A factory keeps one meter for a name, which outlives this verifier.
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }

    private Measurement<int>[] MeasureEntries() => Volatile.Read(ref _entries)?.Invoke() is { } entries
        ?
        [
            new Measurement<int>(entries.Positive, _verifier, new(SpidVerificationDiagnostics.StoreTag, "positive")),
            new Measurement<int>(entries.Negative, _verifier, new(SpidVerificationDiagnostics.StoreTag, "negative")),
        ]
        : [];

    private Measurement<double>[] MeasureKeySetAge() =>
        Volatile.Read(ref _keySetAge)?.Invoke() is { } age ? [new Measurement<double>(age.TotalSeconds, _verifier)] : [];
}
