namespace Spid.Client.Diagnostics;

/// <summary>Names the telemetry that Spid.Client emits. The names are part of the public contract.</summary>
/// <remarks>Tags have few values: client name, outcome, reason and error code. None holds a token, secret, scope or URL.</remarks>
public static class SpidDiagnostics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Spid.Client";

    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "Spid.Client";

    /// <summary>The name of the resilience pipeline around the token endpoint, followed by <c>:name</c> for a named client.</summary>
    public const string PipelineName = "spid-token";

    /// <summary>The name of the <see cref="HttpClient"/> that talks to SPiD, followed by <c>:name</c> for a named client.</summary>
    public const string BackchannelName = "Spid.Client";

    /// <summary>Counts requests to the token endpoint, retries included in one. Tags: client, outcome, reason, error code.</summary>
    public const string TokenRequests = "spid.client.token.requests";

    /// <summary>Measures seconds spent obtaining a token, retries included. Tags: client, outcome.</summary>
    public const string TokenRequestDuration = "spid.client.token.request.duration";

    /// <summary>Counts tokens taken from the cache. Tag: client.</summary>
    public const string CacheHits = "spid.client.cache.hits";

    /// <summary>Counts calls that found no usable token. Tag: client.</summary>
    public const string CacheMisses = "spid.client.cache.misses";

    /// <summary>Counts renewals started in the background. Tag: client.</summary>
    public const string CacheRefreshes = "spid.client.cache.refreshes";

    /// <summary>Measures seconds that a caller waited for a token. Tags: client, outcome.</summary>
    public const string WaitDuration = "spid.client.token.wait.duration";

    /// <summary>Observes the seconds of life left in the default token. Tag: client.</summary>
    public const string TimeToExpiry = "spid.client.token.time_to_expiry";

    /// <summary>Counts renewals asked for after an API refused a token. Tags: client, outcome (<c>renewed</c>, <c>already_renewed</c>, <c>paused</c>, <c>failed</c>).</summary>
    public const string Renewals = "spid.client.token.renewals";

    /// <summary>The tag that holds the name of the client, empty for the default one.</summary>
    public const string ClientTag = "spid.client.name";

    /// <summary>The tag that holds the outcome: <c>success</c> or the error kind in lower case.</summary>
    public const string OutcomeTag = "spid.outcome";

    /// <summary>The tag that holds why a token was requested: <c>miss</c>, <c>refresh</c>, <c>renewal</c> or <c>explicit</c>.</summary>
    public const string ReasonTag = "spid.reason";

    /// <summary>The tag that holds the OAuth error code, when there is one.</summary>
    public const string ErrorTag = "error.type";
}
