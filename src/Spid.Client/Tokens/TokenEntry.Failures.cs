using System.Globalization;
using Spid.Client.Diagnostics;

namespace Spid.Client.Tokens;

/// <content>What a failed fetch leaves behind: a memory that keeps callers away for a while, and a line in the log.</content>
internal sealed partial class TokenEntry
{
    /// <summary>Made by the first failure: most entries never need it, and there may be many entries.</summary>
    private FailureMemory? _failures;

    private bool IsFailing => _failures is { IsFailing: true } || Cache.Failures.IsFailing;

    private bool IsHeldBack => _failures is { Holds: true } || Cache.Failures.Holds;

    /// <summary>Gets a value indicating whether all that failed were refreshes of a token that still lived.</summary>
    private bool OnlyRefreshFailed => _failures is { IsOfRefresh: true } && !Cache.Failures.IsFailing;

    private SpidException? Remembered => Cache.Failures.Remembered ?? _failures?.Remembered;

    /// <summary>
    /// Gets the failure that keeps a fetch from starting. The first caller after the expiry need not wait for the pause between refreshes.
    /// </summary>
    private SpidException? FindObstacle(FetchReason reason) => reason != FetchReason.Refresh && OnlyRefreshFailed ? null : Remembered;

    private void Remember(SpidException exception, long startedAt, RefreshDeadline? deadline)
    {
        // Refused credentials and rate limits concern every token of the client, anything else only this one.
        bool clientWide = exception.Kind == SpidErrorKind.Throttled || OAuthErrors.RefusesCredentials(exception);
        if (clientWide)
        {
            Cache.Failures.Remember(exception, startedAt);
        }
        else
        {
            (_failures ??= new FailureMemory(Cache.Clock, Cache.Settings.Resilience)).Remember(exception, startedAt, deadline);
        }
    }

    /// <summary>Gets what writes the line of a failure. It is written later, but whether a token lives is decided now.</summary>
    private Action PrepareReport(SpidException exception, FetchReason reason)
    {
        bool hasToken = Volatile.Read(ref _current) is { } current && current.IsAliveAt(Cache.TokenClock.Now);
        if (hasToken && reason == FetchReason.Refresh)
        {
            return () => Log.TokenRefreshFailed(Cache.Parts.Logger, Cache.Settings.Name, exception.Kind, exception.OAuthError ?? "none", StatusOf(exception));
        }

        return () => Log.TokenRequestFailed(
            Cache.Parts.Logger, Cache.Settings.Name, reason, exception.Kind, exception.OAuthError ?? "none", StatusOf(exception), exception.Message);
    }

    private static string StatusOf(SpidException exception) =>
        exception.SpidStatusCode is { } status ? ((int)status).ToString(CultureInfo.InvariantCulture) : "none";
}
