using Spid.Client;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>
/// Remembers the outcome of the last call, and for how long SPiD is left alone after it. Logs changes: one line when it begins to fail, not
/// one for each request.
/// </summary>
internal sealed class IntrospectionHealth(VerifierSettings settings, VerifierParts parts)
{
    private SpidException? _lastError;

    /// <summary>Gets for how long SPiD is left alone because of an answer.</summary>
    public IntrospectionPause Pause { get; } = new(new MonotonicClock(parts.TimeProvider));

    /// <summary>Gets for how long SPiD is left alone because most calls failed.</summary>
    public IntrospectionPause Break { get; } = new(new MonotonicClock(parts.TimeProvider));

    public IntrospectionStatus Status
    {
        get
        {
            bool isLeftAlone = Pause.Current is not null || Break.Current is not null;
            return (Volatile.Read(ref _lastError)?.Kind, isLeftAlone) switch
            {
                (SpidErrorKind.Configuration, true) => IntrospectionStatus.CredentialsRefused,
                (_, true) => IntrospectionStatus.Failing,
                (null, false) => IntrospectionStatus.Working,
                _ => IntrospectionStatus.Recovering,
            };
        }
    }

    public void Worked()
    {
        if (Volatile.Read(ref _lastError) is not null && Interlocked.Exchange(ref _lastError, null) is not null)
        {
            Log.IntrospectionRecovered(parts.Logger, settings.Name);
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
            Log.IntrospectionRefused(parts.Logger, settings.Name, error.OAuthError ?? "none", status);
        }
        else
        {
            Log.IntrospectionFailed(parts.Logger, settings.Name, error.Kind, error.OAuthError ?? "none", status);
        }
    }
}
