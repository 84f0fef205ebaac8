using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Spid.Client.Diagnostics;

/// <summary>The instruments and spans of one client. Costs one flag check for each call while nobody listens.</summary>
internal sealed class ClientTelemetry : IDisposable
{
    private static readonly ActivitySource Activities = new(SpidDiagnostics.ActivitySourceName);

    private readonly KeyValuePair<string, object?> _client;
    private readonly Meter? _ownMeter;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _requestDuration;
    private readonly Counter<long> _hits;
    private readonly Counter<long> _misses;
    private readonly Counter<long> _refreshes;
    private readonly Histogram<double> _wait;
    private readonly Counter<long> _renewals;

    public ClientTelemetry(string clientName, IMeterFactory? meterFactory, Func<double?> timeToExpiry)
    {
        _client = new(SpidDiagnostics.ClientTag, clientName);
        _ownMeter = meterFactory is null ? new Meter(SpidDiagnostics.MeterName) : null;
        Meter meter = _ownMeter ?? meterFactory!.Create(SpidDiagnostics.MeterName);

        _requests = meter.CreateCounter<long>(SpidDiagnostics.TokenRequests, "{request}", "Requests to the token endpoint.");
        _requestDuration = meter.CreateHistogram<double>(SpidDiagnostics.TokenRequestDuration, "s", "Time spent obtaining a token.");
        _hits = meter.CreateCounter<long>(SpidDiagnostics.CacheHits, "{token}", "Tokens taken from the cache.");
        _misses = meter.CreateCounter<long>(SpidDiagnostics.CacheMisses, "{call}", "Calls that found no usable token.");
        _refreshes = meter.CreateCounter<long>(SpidDiagnostics.CacheRefreshes, "{refresh}", "Renewals started in the background.");
        _wait = meter.CreateHistogram<double>(SpidDiagnostics.WaitDuration, "s", "Time a caller waited for a token.");
        _renewals = meter.CreateCounter<long>(SpidDiagnostics.Renewals, "{renewal}", "Renewals asked for after an API refused a token.");
        meter.CreateObservableGauge(SpidDiagnostics.TimeToExpiry, () => Observe(timeToExpiry()), "s", "Life left in the default token.");
    }

    /// <summary>Starts a span of its own for a fetch, linked to the caller that set it off: the fetch outlives that caller.</summary>
    public static Activity? StartFetch(FetchCause cause)
    {
        if (!Activities.HasListeners())
        {
            return null;
        }

        ActivityLink[] links = cause.Starter == default ? [] : [new ActivityLink(cause.Starter)];
        Activity? activity = Activities.StartActivity("spid.token.request", ActivityKind.Client, parentContext: default, links: links);
        return activity?.SetTag(SpidDiagnostics.ReasonTag, NameOf(cause.Reason));
    }

    public void Hit()
    {
        if (_hits.Enabled)
        {
            _hits.Add(1, _client);
        }
    }

    public void Miss() => _misses.Add(1, _client);

    public void Refresh() => _refreshes.Add(1, _client);

    public void Renewal(string outcome) => _renewals.Add(1, _client, new(SpidDiagnostics.OutcomeTag, outcome));

    public void Waited(TimeSpan duration, SpidException? error) =>
        _wait.Record(duration.TotalSeconds, _client, new(SpidDiagnostics.OutcomeTag, OutcomeOf(error)));

    public void Requested(FetchReason reason, TimeSpan duration, SpidException? error, Activity? activity)
    {
        string outcome = OutcomeOf(error);
        var tags = new TagList { _client, new(SpidDiagnostics.OutcomeTag, outcome), new(SpidDiagnostics.ReasonTag, NameOf(reason)) };
        if (error?.OAuthError is { } code)
        {
            tags.Add(SpidDiagnostics.ErrorTag, code);
            activity?.SetTag(SpidDiagnostics.ErrorTag, code);
        }

        _requests.Add(1, tags);
        _requestDuration.Record(duration.TotalSeconds, _client, new(SpidDiagnostics.OutcomeTag, outcome));
        activity?.SetTag(SpidDiagnostics.ClientTag, _client.Value);
        activity?.SetTag(SpidDiagnostics.OutcomeTag, outcome);
        activity?.SetStatus(error is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
    }

    public void Dispose() => _ownMeter?.Dispose();

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
