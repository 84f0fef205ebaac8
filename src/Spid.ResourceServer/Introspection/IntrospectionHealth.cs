using Spid.Client;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>
/// Remembers the outcome of the last call to one endpoint, and for how long it is left alone. Logs changes: one line when it begins to fail, not
/// one for each request.
/// </summary>
/// <param name="settings">The settings.</param>
/// <param name="parts">What a verifier is made of.</param>
/// <param name="endpoint">The endpoint.</param>
/// <param name="previous">What was remembered of it under earlier settings with the same credentials. Pauses under way are shared.</param>
internal sealed class IntrospectionHealth(VerifierSettings settings, VerifierParts parts, Uri endpoint, IntrospectionHealth? previous = null)
{
    /// <summary>As many faults of single tokens as the circuit breaker wants failures, and no usable answer yet, are rather a fault of the configuration.</summary>
    private const int ManyFaults = 10;

    private static readonly TimeSpan FaultLogInterval = TimeSpan.FromMinutes(1);

    private readonly MonotonicClock _clock = new(parts.TimeProvider);
    private SpidException? _lastError = previous?._lastError;
    private bool _hasAnswered = previous?._hasAnswered ?? false;
    private int _faults = previous?._faults ?? 0;
    private long _faultLoggedAt = previous?._faultLoggedAt ?? long.MinValue;

    /// <summary>Gets for how long SPiD is left alone because of an answer.</summary>
    public IntrospectionPause Pause { get; } = previous?.Pause ?? new(new MonotonicClock(parts.TimeProvider));

    /// <summary>Gets for how long SPiD is left alone because most calls failed.</summary>
    public IntrospectionPause Break { get; } = previous?.Break ?? new(new MonotonicClock(parts.TimeProvider));

    public IntrospectionStatus Status
    {
        get
        {
            bool isLeftAlone = Pause.Current is not null || Break.Current is not null;
            return (Volatile.Read(ref _lastError)?.Kind, isLeftAlone) switch
            {
                (SpidErrorKind.Configuration, true) => IntrospectionStatus.CredentialsRefused,
                (_, true) => IntrospectionStatus.Failing,
                (null, false) when !Volatile.Read(ref _hasAnswered) && Volatile.Read(ref _faults) >= ManyFaults => IntrospectionStatus.Unproven,
                (null, false) => IntrospectionStatus.Working,
                _ => IntrospectionStatus.Recovering,
            };
        }
    }

    public void Worked()
    {
        Volatile.Write(ref _hasAnswered, true);
        if (Volatile.Read(ref _lastError) is not null && Interlocked.Exchange(ref _lastError, null) is not null)
        {
            Log.IntrospectionRecovered(parts.Logger, settings.Name, Failures.NameOf(endpoint));
        }
    }

    /// <summary>Takes note of an answer that concerns one token. It changes nothing for others; a caller can send as many as it likes, so few are logged.</summary>
    public void RefusedToken(SpidException fault)
    {
        if (Volatile.Read(ref _faults) < ManyFaults)
        {
            Interlocked.Increment(ref _faults);
        }

        long now = _clock.Now;
        long loggedAt = Volatile.Read(ref _faultLoggedAt);
        if ((loggedAt == long.MinValue || now - loggedAt >= FaultLogInterval.TotalMilliseconds)
            && Interlocked.CompareExchange(ref _faultLoggedAt, now, loggedAt) == loggedAt)
        {
            Log.TokenNotIntrospected(parts.Logger, settings.Name, fault.Message);
        }
    }

    public void Failed(SpidException error)
    {
        SpidException? before = Interlocked.Exchange(ref _lastError, error);
        if (before?.Kind != error.Kind || before.SpidStatusCode != error.SpidStatusCode)
        {
            Report(error);
        }

        TimeSpan? pause = error.Kind == SpidErrorKind.Configuration ? settings.Introspection.BreakDuration : error.RetryAfter;
        if (settings.Introspection.Bounded(pause) is { } duration)
        {
            Pause.Begin(error, duration);
        }
    }

    private void Report(SpidException error)
    {
        string status = error.SpidStatusCode is { } code ? ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture) : "none";
        if (error.Kind == SpidErrorKind.Configuration)
        {
            Log.IntrospectionRefused(parts.Logger, settings.Name, Failures.NameOf(endpoint), error.OAuthError ?? "none", status);
        }
        else
        {
            Log.IntrospectionFailed(parts.Logger, settings.Name, Failures.NameOf(endpoint), error.Kind, error.OAuthError ?? "none", status);
        }
    }
}
