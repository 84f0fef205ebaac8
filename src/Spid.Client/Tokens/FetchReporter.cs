using Spid.Client.Diagnostics;
using Spid.Client.Settings;

namespace Spid.Client.Tokens;

/// <summary>Writes the log lines and measurements of a fetch that has ended.</summary>
/// <remarks>
/// A logger may be slow, or need a token itself to send its lines. So reporting comes last: the outcome is stored and visible to
/// other callers. The callers of this fetch get it after it has been reported, or when the total timeout has elapsed.
/// </remarks>
internal sealed class FetchReporter(ClientSettings settings, TokenClientParts parts, ClientTelemetry telemetry)
{
    private int _introduced;
    private int _warnedAboutComma;
    private int _warnedAboutLifetime;

    /// <summary>Tells how a fetch ended. Throws nothing.</summary>
    /// <param name="fetch">The fetch.</param>
    /// <param name="result">What it has come to.</param>
    /// <param name="reportFailure">Writes the line of a failure; what it says depends on who asked.</param>
    public Task ReportAsync(TokenFetch fetch, FetchResult result, Action? reportFailure = null) =>
        IsHeard(fetch) ? fetch.WaitInTimeAsync(Task.Run(() => Report(fetch, result, reportFailure), CancellationToken.None)) : Task.CompletedTask;

    private bool IsHeard(TokenFetch fetch) => parts.IsLogging || telemetry.HearsOfRequests || fetch.Activity is not null;

    private void Report(TokenFetch fetch, FetchResult result, Action? reportFailure)
    {
        if (!result.IsCancelled)
        {
            Introduce();
            WarnAboutComma(fetch.Request);
            if (result.Token is { } token)
            {
                ReportToken(fetch, token, result.Duration);
            }

            telemetry.Requested(fetch.Cause.Reason, result.Duration, result.Error, fetch.Activity);
            reportFailure?.Invoke();
        }

        ClientTelemetry.EndFetch(fetch.Activity);
    }

    /// <summary>Says once whom the lines are about. Not where the client is made, for that may be under a lock of the container.</summary>
    private void Introduce()
    {
        if (Interlocked.Exchange(ref _introduced, 1) == 0)
        {
            Log.ClientConfigured(
                parts.Logger, settings.Name, Failures.NameOf(settings.TokenEndpoint), settings.Authentication, settings.Defaults.Scope, settings.Defaults.Resources);
        }
    }

    private void ReportToken(TokenFetch fetch, FetchedToken token, TimeSpan duration)
    {
        if (fetch.RefusedSecret is { } refused)
        {
            Log.SecretSwitched(parts.Logger, refused, settings.Name);
        }

        if (token.Lifetime is null && Interlocked.Exchange(ref _warnedAboutLifetime, 1) == 0)
        {
            Log.TokenWithoutLifetime(parts.Logger, settings.Name);
        }

        WarnAboutNarrowedScope(fetch.Request.Scope, token.Token.Scope);
        Log.TokenObtained(parts.Logger, settings.Name, fetch.Cause.Reason, (long)duration.TotalMilliseconds, (long)(token.Lifetime ?? default).TotalSeconds);
    }

    /// <summary>RFC 6749 section 3.3 allows a comma within a scope, so that it is sent; most often a space was meant. Said once.</summary>
    private void WarnAboutComma(TokenRequest request)
    {
        if (request.Scope?.Contains(',', StringComparison.Ordinal) == true && Interlocked.Exchange(ref _warnedAboutComma, 1) == 0)
        {
            Log.ScopeHasComma(parts.Logger, settings.Name, request.Scope);
        }
    }

    /// <summary>RFC 6749 section 5.1: a scope in the answer is the one granted, which may be less than was asked for.</summary>
    private void WarnAboutNarrowedScope(string? requested, string? granted)
    {
        if (granted is not null && granted != requested && TokenRequest.SplitScope(requested).Except(TokenRequest.SplitScope(granted)).Any())
        {
            Log.ScopeNarrowed(parts.Logger, settings.Name, requested);
        }
    }
}
