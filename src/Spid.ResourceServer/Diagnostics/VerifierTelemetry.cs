using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Spid.ResourceServer.Diagnostics;

/// <summary>The instruments and spans of one verifier. Costs one flag check for each token while nobody listens.</summary>
internal sealed class VerifierTelemetry : IDisposable
{
    private static readonly ActivitySource Activities = new(SpidVerificationDiagnostics.ActivitySourceName);

    private readonly KeyValuePair<string, object?> _verifier;
    private readonly KeyValuePair<string, object?> _mode;
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Counter<long> _verifications;
    private readonly Histogram<double> _introspections;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _keySetRefreshes;

    public VerifierTelemetry(string verifierName, SpidVerificationMode mode, IMeterFactory? meterFactory)
    {
        _verifier = new(SpidVerificationDiagnostics.VerifierTag, verifierName);
        _mode = new(SpidVerificationDiagnostics.ModeTag, TagValues.Of(mode));
        _ownsMeter = meterFactory is null;
        _meter = meterFactory?.Create(SpidVerificationDiagnostics.MeterName) ?? new Meter(SpidVerificationDiagnostics.MeterName);

        _verifications = _meter.CreateCounter<long>(SpidVerificationDiagnostics.Verifications, "{token}", "Tokens verified.");
        _introspections = _meter.CreateHistogram<double>(SpidVerificationDiagnostics.IntrospectionDuration, "s", "Time that introspection calls took.");
        _rejections = _meter.CreateCounter<long>(SpidVerificationDiagnostics.IntrospectionRejected, "{call}", "Introspection calls that were not made.");
        _keySetRefreshes = _meter.CreateCounter<long>(SpidVerificationDiagnostics.KeySetRefreshes, "{fetch}", "Fetches of the key set.");
    }

    public static Activity? Start(string name, ActivityKind kind) => Activities.HasListeners() ? Activities.StartActivity(name, kind) : null;

    public void Verified(SpidVerificationResult result, string cache)
    {
        if (_verifications.Enabled)
        {
            _verifications.Add(
                1,
                [
                    _verifier,
                    _mode,
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

    public void ObserveEntries(Func<int> positive, Func<int> negative) => _meter.CreateObservableGauge<long>(
        SpidVerificationDiagnostics.CacheEntries,
        () =>
        [
            new Measurement<long>(positive(), _verifier, new(SpidVerificationDiagnostics.StoreTag, "positive")),
            new Measurement<long>(negative(), _verifier, new(SpidVerificationDiagnostics.StoreTag, "negative")),
        ],
        "{token}",
        "Tokens held.");

    /// <summary>Observes nothing while there is no key set.</summary>
    public void ObserveKeySetAge(Func<TimeSpan?> age) => _meter.CreateObservableGauge(
        SpidVerificationDiagnostics.KeySetAge,
        () => age() is { } value ? [new Measurement<double>(value.TotalSeconds, _verifier)] : Array.Empty<Measurement<double>>(),
        "s",
        "Age of the key set.");

    public void Dispose()
    {
        // A factory keeps one meter for a name, which outlives this verifier.
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }
}
