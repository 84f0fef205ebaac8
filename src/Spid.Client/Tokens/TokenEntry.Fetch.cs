using System.Diagnostics;
using Spid.Client.Diagnostics;

namespace Spid.Client.Tokens;

/// <content>The one fetch that all callers share, and what it leaves behind.</content>
internal sealed partial class TokenEntry
{
    private Task<FetchOutcome> StartOrJoin(FetchReason reason, ServerToken? rejected = null)
    {
        Volatile.Write(ref _wasAsked, true);
        TaskCompletionSource<FetchOutcome> completion;
        TokenEntry fetching;
        TokenFetcher fetcher;
        lock (_gate)
        {
            Moment now = Cache.TokenClock.Now;
            CachedToken? current = DropDead(now);
            fetcher = Cache.Fetcher;
            if (_fetch is not null && fetcher.AuthenticatesAs(_fetcher!))
            {
                return _fetch;
            }

            // Between the look of the caller and this lock a fetch may have ended, well or badly.
            if (current is not null && !IsSame(current.Token, rejected) && (reason == FetchReason.Refresh ? current.IsFreshAt(now) : current.IsAliveAt(now)))
            {
                return Task.FromResult(new FetchOutcome(current.Token, null));
            }

            if (FindObstacle(reason) is { } remembered)
            {
                return Task.FromResult(new FetchOutcome(null, remembered));
            }

            completion = new TaskCompletionSource<FetchOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            fetching = Cache.Pin(this);
            if (fetching == this)
            {
                _fetch = completion.Task;
                _fetcher = fetcher;
            }
        }

        if (fetching != this)
        {
            // This entry was evicted between the search for it and here, and another one took its place.
            return fetching.StartOrJoin(reason, rejected);
        }

        RefreshDeadline? deadline = reason == FetchReason.Refresh && Volatile.Read(ref _current) is { } old ? new RefreshDeadline(Cache.TokenClock, old) : null;
        var cause = new FetchCause(reason, SingleAttempt: deadline is null && IsFailing && !OnlyRefreshFailed, Activity.Current?.Context ?? default);

        // Neither the starter's cancellation nor its execution context (activity, scopes) may reach into the shared fetch.
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => state.Entry.RunFetch(state.Fetcher, state.Cause, state.Deadline, state.Completion),
            (Entry: this, Fetcher: fetcher, Cause: cause, Deadline: deadline, Completion: completion),
            preferLocal: false);
        return completion.Task;
    }

    /// <summary>Gets the token, and forgets one that is dead: a wall clock that is set back later must not revive it.</summary>
    private CachedToken? DropDead(Moment now)
    {
        CachedToken? current = Volatile.Read(ref _current);
        if (current is null || current.IsAliveAt(now))
        {
            return current;
        }

        Volatile.Write(ref _current, null);
        return null;
    }

    /// <summary>The end is awaited before the request begins, because code of the application may hold this thread.</summary>
    private void RunFetch(TokenFetcher fetcher, FetchCause cause, RefreshDeadline? deadline, TaskCompletionSource<FetchOutcome> completion)
    {
        long startedAt = Cache.Clock.Now;
        TokenFetch fetch = fetcher.Prepare(Request, cause, deadline, Cache.Lifetime);
        _ = FinishAsync(fetcher, fetch, completion, startedAt);
        _ = fetcher.RunAsync(fetch);
    }

    private async Task FinishAsync(TokenFetcher fetcher, TokenFetch fetch, TaskCompletionSource<FetchOutcome> completion, long startedAt)
    {
        using (fetch)
        {
            FetchResult result = fetcher.Conclude(fetch, await fetch.Ended.ConfigureAwait(false));
            FetchOutcome outcome = Settle(fetcher, fetch, result, completion.Task, startedAt, out Action? reportFailure);
            await Cache.Reporter.ReportAsync(fetch, result, reportFailure).ConfigureAwait(false);
            completion.SetResult(outcome);
            Interlocked.Decrement(ref _reports);
        }
    }

    /// <summary>Stores what a fetch has come to, for callers that arrive from now on.</summary>
    private FetchOutcome Settle(
        TokenFetcher fetcher, TokenFetch fetch, FetchResult result, Task<FetchOutcome> shared, long startedAt, out Action? reportFailure)
    {
        FetchReason reason = fetch.Cause.Reason;
        reportFailure = null;
        if (result.Token is { } fetched)
        {
            OwnFailures?.Forget(startedAt);
            fetcher.ClientFailures.Forget(startedAt);
            End(fetcher, shared, Plan(fetcher, fetched, reason), reason == FetchReason.Renewal ? startedAt : null);
            return new FetchOutcome(fetched.Token, null);
        }

        FetchOutcome outcome = new(null, result.Error);
        if (result.Error is { } error)
        {
            Remember(fetcher, error, startedAt, fetch.Deadline);
            reportFailure = PrepareReport(error, reason);

            // The remembered form says when the next attempt is due. Changed credentials may have brought a token meanwhile.
            outcome = reason == FetchReason.Miss && Volatile.Read(ref _current) is { } current && current.IsAliveAt(Cache.TokenClock.Now)
                ? new FetchOutcome(current.Token, null)
                : new FetchOutcome(null, Remembered ?? error);
        }

        End(fetcher, shared, fresh: null, renewedAt: null);
        return outcome;
    }

    /// <summary>Plans the life of a new token. One without a lifetime does not take the place of one that lives and was not refused.</summary>
    private CachedToken Plan(TokenFetcher fetcher, FetchedToken fetched, FetchReason reason)
    {
        Moment now = Cache.TokenClock.Now;
        return fetched.Lifetime is null && reason == FetchReason.Refresh && Volatile.Read(ref _current) is { } current && current.IsAliveAt(now)
            ? current.PostponeRefresh(now)
            : CachedToken.Create(fetched, fetcher.Settings.Cache, Random.Shared.NextDouble());
    }

    /// <summary>Stores the token and ends the fetch in one step: a caller whose new token is refused must not join the fetch that obtained it.</summary>
    private void End(TokenFetcher fetcher, Task<FetchOutcome> shared, CachedToken? fresh, long? renewedAt)
    {
        Interlocked.Increment(ref _reports);
        lock (_gate)
        {
            bool isSuperseded = !ReferenceEquals(_fetch, shared);
            if (fresh is not null)
            {
                _renewedAt = renewedAt ?? _renewedAt;
                Store(fetcher, fresh, isSuperseded);
            }

            if (!isSuperseded)
            {
                Volatile.Write(ref _fetch, null);

                // Within the lock, or the next fetch of this entry would lose its pin.
                Cache.Unpin(this);
            }
        }
    }

    /// <summary>
    /// A token that was obtained with credentials that have changed since is served like any other, and refreshed with the next use. It
    /// does not replace one that the credentials of now have brought.
    /// </summary>
    private void Store(TokenFetcher fetcher, CachedToken fresh, bool isSuperseded)
    {
        if (fetcher.AuthenticatesAs(Cache.Fetcher))
        {
            Volatile.Write(ref _current, fresh);
        }
        else if (!isSuperseded || SecondsLeft is null)
        {
            Volatile.Write(ref _current, fresh with { RefreshAge = long.MinValue });
        }
    }
}
