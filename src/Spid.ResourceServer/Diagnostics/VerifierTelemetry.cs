using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Spid.ResourceServer.Diagnostics;

/// <summary>The instruments and spans of one verifier. Costs one flag check for each token without listeners, and throws nothing when a listener does.</summary>
internal sealed class VerifierTelemetry : IDisposable
{
    private static readonly ActivitySource Activities = new(SpidVerificationDiagnostics.ActivitySourceName);

    private readonly KeyValuePair<string, object?> _verifier;
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Counter<long>? _verifications;
    private readonly Histogram<double>? _introspections;
    private readonly Counter<long>? _rejections;
    private readonly Counter<long>? _keySetRefreshes;
    private Func<(int Positive, int Negative)>? _entries;
    private Func<TimeSpan?>? _keySetAge;

    public VerifierTelemetry(string verifierName, IMeterFactory? meterFactory)
    {
        _verifier = new(SpidVerificationDiagnostics.VerifierTag, verifierName);
        _ownsMeter = meterFactory is null;
        _meter = meterFactory?.Create(SpidVerificationDiagnostics.MeterName) ?? new Meter(SpidVerificationDiagnostics.MeterName);

        // A listener hears of each instrument while it is made, and one that throws leaves none.
        _verifications = ForeignCode.Ask(_meter, static meter => meter.CreateCounter<long>(SpidVerificationDiagnostics.Verifications, "{token}", "Tokens verified."));
        _introspections = ForeignCode.Ask(_meter, static meter => meter.CreateHistogram<double>(SpidVerificationDiagnostics.IntrospectionDuration, "s", "Time that introspection calls took."));
        _rejections = ForeignCode.Ask(_meter, static meter => meter.CreateCounter<long>(SpidVerificationDiagnostics.IntrospectionRejected, "{call}", "Introspection calls that were not made."));
        _keySetRefreshes = ForeignCode.Ask(_meter, static meter => meter.CreateCounter<long>(SpidVerificationDiagnostics.KeySetRefreshes, "{fetch}", "Fetches of the key set."));

        // A meter cannot lose a gauge, so there is one of each, however often the verifier is recreated.
        ForeignCode.Tell(this, static telemetry => telemetry._meter.CreateObservableGauge(SpidVerificationDiagnostics.CacheEntries, telemetry.MeasureEntries, "{token}", "Tokens held."));
        ForeignCode.Tell(this, static telemetry => telemetry._meter.CreateObservableGauge(SpidVerificationDiagnostics.KeySetAge, telemetry.MeasureKeySetAge, "s", "Age of the key set."));
    }

    public static CallSpan Start(string name, ActivityKind kind) =>
        new(Activities.HasListeners() ? ForeignCode.Ask((name, kind), static span => Activities.StartActivity(span.name, span.kind)) : null);

    public void Verified(SpidVerificationResult result, SpidVerificationMode mode, string cache)
    {
        if (_verifications is { Enabled: true })
        {
            ForeignCode.Tell((this, result, mode, cache), static call => call.Item1._verifications!.Add(
                1,
                [
                    call.Item1._verifier,
                    new(SpidVerificationDiagnostics.ModeTag, TagValues.Of(call.mode)),
                    new(SpidVerificationDiagnostics.OutcomeTag, TagValues.Of(call.result.Status)),
                    new(SpidVerificationDiagnostics.ReasonTag, TagValues.Of(call.result.Reason)),
                    new(SpidVerificationDiagnostics.CacheTag, call.cache),
                ]));
        }
    }

    public void Introspected(TimeSpan duration, string outcome) => ForeignCode.Tell(
        (this, duration, outcome),
        static call => call.Item1._introspections?.Record(call.duration.TotalSeconds, call.Item1._verifier, new(SpidVerificationDiagnostics.OutcomeTag, call.outcome)));

    public void IntrospectionRejected(string cause) => ForeignCode.Tell(
        (this, cause), static call => call.Item1._rejections?.Add(1, call.Item1._verifier, new(SpidVerificationDiagnostics.CauseTag, call.cause)));

    public void KeySetRefreshed(string cause, bool succeeded) => ForeignCode.Tell(
        (this, cause, succeeded),
        static call => call.Item1._keySetRefreshes?.Add(
            1,
            call.Item1._verifier,
            new(SpidVerificationDiagnostics.CauseTag, call.cause),
            new(SpidVerificationDiagnostics.ResultTag, call.succeeded ? "success" : "failure")));

    /// <summary>Says where the numbers of tokens held are to be had from now on.</summary>
    public void ObserveEntries(Func<(int Positive, int Negative)> entries) => Volatile.Write(ref _entries, entries);

    /// <summary>Says where the age of the key set is to be had from now on; it is <see langword="null"/> while there is none.</summary>
    public void ObserveKeySetAge(Func<TimeSpan?> age) => Volatile.Write(ref _keySetAge, age);

    public void Dispose()
    {
        // A factory keeps one meter for a name, which outlives this verifier.
        if (_ownsMeter)
        {
            ForeignCode.Tell(_meter, static meter => meter.Dispose());
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
