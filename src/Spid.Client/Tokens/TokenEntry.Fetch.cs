using System.Diagnostics;
using System.Globalization;
using Spid.Client.Diagnostics;
using Spid.Client.Protocol;
using Spid.Client.Settings;

namespace Spid.Client.Tokens;

/// <content>The one fetch that all callers share, and what it leaves behind.</content>
internal sealed partial class TokenEntry
{
    private bool IsFailing => _failures.IsFailing || Cache.Failures.IsFailing;

    private bool IsHeldBack => _failures.Holds || Cache.Failures.Holds;

    private SpidException? Remembered => Cache.Failures.Remembered ?? _failures.Remembered;

    private Task<FetchOutcome> StartOrJoin(FetchReason reason, ServerToken? rejected = null)
    {
        TaskCompletionSource<FetchOutcome> completion;
        lock (_gate)
        {
            if (_fetch is not null)
            {
                return _fetch;
            }

            // Between the look of the caller and this lock a fetch may have ended, well or badly.
            if (Volatile.Read(ref _current) is { } current
                && !IsSame(current.Token, rejected)
                && Cache.Clock.Now < (rejected is null ? current.RefreshAt : current.ExpiresAt))
            {
                return Task.FromResult(new FetchOutcome(current.Token, null));
            }

            if (Remembered is { } remembered)
            {
                return Task.FromResult(new FetchOutcome(null, remembered));
            }

            completion = new TaskCompletionSource<FetchOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            _fetch = completion.Task;
            Cache.Pin(this);
        }

        var cause = new FetchCause(reason, IsFailing, Activity.Current?.Context ?? default);

        // Neither the starter's cancellation nor its execution context (activity, scopes) may reach into the shared fetch.
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Entry.RunFetchAsync(state.Cause, state.Completion),
            (Entry: this, Cause: cause, Completion: completion),
            preferLocal: false);
        return completion.Task;
    }

    private async Task RunFetchAsync(FetchCause cause, TaskCompletionSource<FetchOutcome> completion)
    {
        long startedAt = Cache.Clock.Now;
        var outcome = new FetchOutcome(null, null);
        CachedToken? fresh = null;
        try
        {
            FetchedToken fetched = await Cache.Fetcher.FetchAsync(Request, cause, Cache.Lifetime).ConfigureAwait(false);
            outcome = new FetchOutcome(fetched.Token, null);
            fresh = Schedule(fetched, startedAt);
            _failures.Forget(startedAt);
            Cache.Failures.Forget(startedAt);
        }
        catch (Exception exception) when (exception is SpidException || !Cache.Lifetime.IsCancellationRequested)
        {
            // What is not a SpidException comes from a logger or a listener of the application.
            SpidException error = exception as SpidException
                ?? Protocol.Failures.Unreachable(Cache.Settings.TokenEndpoint, $"a logger or listener failed ({exception.GetType().Name})", exception);
            outcome = new FetchOutcome(null, error);
            Remember(error, startedAt, cause.Reason);

            // The remembered form says when the next attempt is due.
            outcome = new FetchOutcome(null, Remembered ?? error);
        }
        catch (Exception)
        {
            // Only the disposal of the client cancels a shared fetch.
        }
        finally
        {
            // Also when a logger throws: callers would wait for ever.
            End(completion, outcome, fresh, cause.Reason == FetchReason.Renewal ? startedAt : null);
        }
    }

    /// <summary>Stores the token and ends the fetch in one step: whoever has the new token refused must not join the fetch that brought it.</summary>
    private void End(TaskCompletionSource<FetchOutcome> completion, FetchOutcome outcome, CachedToken? fresh, long? renewedAt)
    {
        lock (_gate)
        {
            if (outcome.Token is not null && renewedAt is { } time)
            {
                _renewedAt = time;
            }

            if (fresh is not null)
            {
                Volatile.Write(ref _current, fresh);
            }

            Volatile.Write(ref _fetch, null);
        }

        Cache.Unpin(this);
        completion.SetResult(outcome);
    }

    private CachedToken? Schedule(FetchedToken fetched, long startedAt)
    {
        if (fetched.Lifetime is not { } lifetime)
        {
            return null;
        }

        CacheSettings settings = Cache.Settings.Cache;
        double jitter = 1 + (settings.RefreshJitter * ((2 * Random.Shared.NextDouble()) - 1));
        double life = lifetime.TotalMilliseconds;
        double margin = Math.Min(settings.ExpiryMargin.TotalMilliseconds, life / 10);
        return new CachedToken(
            fetched.Token,
            RefreshAt: startedAt + (long)Math.Min(life * settings.RefreshAfter * jitter, life - margin),
            UnusableAt: startedAt + (long)(life - margin),
            ExpiresAt: startedAt + (long)life);
    }

    private void Remember(SpidException exception, long startedAt, FetchReason reason)
    {
        // Refused credentials and rate limits concern every token of the client, anything else only this one.
        bool clientWide = exception.Kind == SpidErrorKind.Throttled || OAuthErrors.RefusesCredentials(exception.OAuthError);
        (clientWide ? Cache.Failures : _failures).Remember(exception, startedAt);

        bool hasToken = Volatile.Read(ref _current) is { } current && Cache.Clock.Now < current.ExpiresAt;
        if (hasToken && reason == FetchReason.Refresh)
        {
            Log.TokenRefreshFailed(Cache.Parts.Logger, Cache.Settings.Name, exception.Kind, exception.OAuthError ?? "none", StatusOf(exception));
        }
        else
        {
            Log.TokenRequestFailed(Cache.Parts.Logger, Cache.Settings.Name, reason, exception.Kind, exception.OAuthError ?? "none", StatusOf(exception), exception.Message);
        }
    }

    private static string StatusOf(SpidException exception) =>
        exception.StatusCode is { } status ? ((int)status).ToString(CultureInfo.InvariantCulture) : "none";
}
