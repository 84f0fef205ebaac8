using System.Globalization;
using Spid.Client.Diagnostics;

namespace Spid.Client.Tokens;

/// <content>What a failed fetch leaves behind: a memory that keeps callers away for a while, and a line in the log.</content>
internal sealed partial class TokenEntry
{
    /// <summary>Made by the first failure: most entries never need it, and there may be many entries.</summary>
    private FailureMemory? _failures;

    /// <summary>Gets the failures of this entry alone; those of credentials that have changed since are forgotten.</summary>
    private FailureMemory? OwnFailures => _failures is { } own && own.IsBeside(Cache.Failures) ? own : null;

    private bool IsFailing => OwnFailures is { IsFailing: true } || Cache.Failures.IsFailing;

    private bool IsHeldBack => OwnFailures is { Holds: true } || Cache.Failures.Holds;

    /// <summary>Gets a value indicating whether all that failed were refreshes of a token that still lived.</summary>
    private bool OnlyRefreshFailed => OwnFailures is { IsOfRefresh: true } && !Cache.Failures.IsFailing;

    private SpidException? Remembered => Cache.Failures.Remembered ?? OwnFailures?.Remembered;

    /// <summary>
    /// Gets the failure that keeps a fetch from starting. The first caller after the expiry need not wait for the pause between refreshes.
    /// </summary>
    private SpidException? FindObstacle(FetchReason reason) => reason != FetchReason.Refresh && OnlyRefreshFailed ? null : Remembered;

    private void Remember(TokenFetcher fetcher, SpidException exception, long startedAt, RefreshDeadline? deadline)
    {
        // Refused credentials and rate limits concern every token of the client, anything else only this one.
        bool clientWide = exception.Kind == SpidErrorKind.Throttled || OAuthErrors.RefusesCredentials(exception);
        if (clientWide)
        {
            fetcher.ClientFailures.Remember(exception, startedAt);
        }
        else
        {
            RememberHere(fetcher, exception, startedAt, deadline);
        }
    }

    private void RememberHere(TokenFetcher fetcher, SpidException exception, long startedAt, RefreshDeadline? deadline)
    {
        if (!fetcher.AuthenticatesAs(Cache.Fetcher))
        {
            return;
        }

        FailureMemory own = OwnFailures ?? Cache.CreateFailures(fetcher.ClientFailures);
        own.Remember(exception, startedAt, deadline);
        _failures = own;
    }

    /// <summary>Gets what writes the line of a failure. It is written later, but whether a token lives is decided now.</summary>
    private Action PrepareReport(SpidException exception, FetchReason reason)
    {
        bool hasToken = Volatile.Read(ref _current) is { } current && current.IsAliveAt(Cache.TokenClock.Now);
        if (hasToken && reason == FetchReason.Refresh)
        {
            return () => Log.TokenRefreshFailed(
                Cache.Parts.Logger, Cache.Settings.Name, exception.Kind, exception.OAuthError ?? "none", StatusOf(exception), exception.Message);
        }

        return () => Log.TokenRequestFailed(
            Cache.Parts.Logger, Cache.Settings.Name, reason, exception.Kind, exception.OAuthError ?? "none", StatusOf(exception), exception.Message);
    }

    private static string StatusOf(SpidException exception) =>
        exception.SpidStatusCode is { } status ? ((int)status).ToString(CultureInfo.InvariantCulture) : "none";
}
