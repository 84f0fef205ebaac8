using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Spid.Client.Diagnostics;

/// <summary>The instruments and spans of one client. Costs one flag check for each call without listeners, and throws nothing when a listener does.</summary>
internal sealed class ClientTelemetry : IDisposable
{
    private static readonly ActivitySource Activities = new(SpidDiagnostics.ActivitySourceName);

    private readonly KeyValuePair<string, object?> _client;
    private readonly Meter? _ownMeter;
    private readonly Counter<long>? _requests;
    private readonly Histogram<double>? _requestDuration;
    private readonly Counter<long>? _hits;
    private readonly Counter<long>? _misses;
    private readonly Counter<long>? _refreshes;
    private readonly Histogram<double>? _wait;
    private readonly Counter<long>? _renewals;

    public ClientTelemetry(string clientName, IMeterFactory? meterFactory, Func<double?> timeToExpiry)
    {
        _client = new(SpidDiagnostics.ClientTag, clientName);
        _ownMeter = meterFactory is null ? new Meter(SpidDiagnostics.MeterName) : null;
        Meter meter = _ownMeter ?? meterFactory!.Create(SpidDiagnostics.MeterName);

        // A listener hears of each instrument while it is made, and one that throws leaves none.
        _requests = ForeignCode.Ask(meter, static meter => meter.CreateCounter<long>(SpidDiagnostics.TokenRequests, "{request}", "Requests to the token endpoint."));
        _requestDuration = ForeignCode.Ask(meter, static meter => meter.CreateHistogram<double>(SpidDiagnostics.TokenRequestDuration, "s", "Time spent obtaining a token."));
        _hits = ForeignCode.Ask(meter, static meter => meter.CreateCounter<long>(SpidDiagnostics.CacheHits, "{token}", "Tokens taken from the cache."));
        _misses = ForeignCode.Ask(meter, static meter => meter.CreateCounter<long>(SpidDiagnostics.CacheMisses, "{call}", "Calls that found no usable token."));
        _refreshes = ForeignCode.Ask(meter, static meter => meter.CreateCounter<long>(SpidDiagnostics.CacheRefreshes, "{refresh}", "Renewals started in the background."));
        _wait = ForeignCode.Ask(meter, static meter => meter.CreateHistogram<double>(SpidDiagnostics.WaitDuration, "s", "Time a caller waited for a token."));
        _renewals = ForeignCode.Ask(meter, static meter => meter.CreateCounter<long>(SpidDiagnostics.Renewals, "{renewal}", "Renewals asked for after an API refused a token."));
        _ = ForeignCode.Ask((meter, observe: (Func<Measurement<double>[]>)(() => Observe(timeToExpiry()))), static gauge =>
            gauge.meter.CreateObservableGauge(SpidDiagnostics.TimeToExpiry, gauge.observe, "s", "Life left in the default token."));
    }

    /// <summary>Gets a value indicating whether a listener is told of requests.</summary>
    public bool HearsOfRequests => _requests is { Enabled: true } || _requestDuration is { Enabled: true };

    /// <summary>Starts a span of its own for a fetch, linked to the caller that set it off: the fetch outlives that caller.</summary>
    public static Activity? StartFetch(FetchCause cause) => Activities.HasListeners() ? ForeignCode.Ask(cause, Start) : null;

    /// <summary>Ends the span of a fetch.</summary>
    public static void EndFetch(Activity? activity) => ForeignCode.Tell(activity, static activity => activity?.Dispose());

    public void Hit()
    {
        if (_hits is { Enabled: true })
        {
            ForeignCode.Tell(this, static telemetry => telemetry._hits!.Add(1, telemetry._client));
        }
    }

    public void Miss() => ForeignCode.Tell(this, static telemetry => telemetry._misses?.Add(1, telemetry._client));

    public void Refresh() => ForeignCode.Tell(this, static telemetry => telemetry._refreshes?.Add(1, telemetry._client));

    public void Renewal(string outcome) => ForeignCode.Tell(
        (this, outcome), static call => call.Item1._renewals?.Add(1, call.Item1._client, new(SpidDiagnostics.OutcomeTag, call.outcome)));

    public void Waited(TimeSpan duration, SpidException? error) => ForeignCode.Tell(
        (this, duration, error),
        static call => call.Item1._wait?.Record(call.duration.TotalSeconds, call.Item1._client, new(SpidDiagnostics.OutcomeTag, OutcomeOf(call.error))));

    public void Requested(FetchReason reason, TimeSpan duration, SpidException? error, Activity? activity)
    {
        string outcome = OutcomeOf(error);
        var tags = new TagList { _client, new(SpidDiagnostics.OutcomeTag, outcome), new(SpidDiagnostics.ReasonTag, NameOf(reason)) };
        if (error?.OAuthError is { } code)
        {
            tags.Add(SpidDiagnostics.ErrorTag, code);
            activity?.SetTag(SpidDiagnostics.ErrorTag, code);
        }

        ForeignCode.Tell((_requests, tags), static call => call._requests?.Add(1, call.tags));
        ForeignCode.Tell(
            (this, duration, outcome),
            static call => call.Item1._requestDuration?.Record(call.duration.TotalSeconds, call.Item1._client, new(SpidDiagnostics.OutcomeTag, call.outcome)));
        activity?.SetTag(SpidDiagnostics.ClientTag, _client.Value);
        activity?.SetTag(SpidDiagnostics.OutcomeTag, outcome);
        activity?.SetStatus(error is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
    }

    public void Dispose() => ForeignCode.Tell(_ownMeter, static meter => meter?.Dispose());

    private static Activity? Start(FetchCause cause)
    {
        ActivityLink[] links = cause.Starter == default ? [] : [new ActivityLink(cause.Starter)];
        Activity? activity = Activities.StartActivity("spid.token.request", ActivityKind.Client, parentContext: default, links: links);
        return activity?.SetTag(SpidDiagnostics.ReasonTag, NameOf(cause.Reason));
    }

    private static string NameOf(FetchReason reason) => reason switch
    {
        FetchReason.Miss => "miss",
        FetchReason.Refresh => "refresh",
        FetchReason.Renewal => "renewal",
        _ => "explicit",
    };

    private static string OutcomeOf(SpidException? error) => error?.Kind switch
    {
        null => "success",
        SpidErrorKind.Configuration => "configuration",
        SpidErrorKind.Throttled => "throttled",
        SpidErrorKind.Transient => "transient",
        _ => "protocol",
    };

    private Measurement<double>[] Observe(double? seconds) => seconds is { } value ? [new Measurement<double>(value, _client)] : [];
}
