using System.Diagnostics;
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
        Volatile.Write(ref _wasAsked, true);
        TaskCompletionSource<FetchOutcome> completion;
        lock (_gate)
        {
            if (_fetch is not null)
            {
                return _fetch;
            }

            // Between the look of the caller and this lock a fetch may have ended, well or badly.
            if (Volatile.Read(ref _current) is { } current
                && !ReferenceEquals(current.Token, rejected)
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
        FetchOutcome outcome;
        try
        {
            FetchedToken fetched = await Cache.Fetcher.FetchAsync(Request, cause, Cache.Lifetime).ConfigureAwait(false);
            Keep(fetched, startedAt, cause.Reason);
            outcome = new FetchOutcome(fetched.Token, null);
        }
        catch (SpidException exception)
        {
            Remember(exception, startedAt, cause.Reason);
            outcome = new FetchOutcome(null, exception);
        }
        catch (Exception)
        {
            // Only the disposal of the client cancels a shared fetch.
            outcome = new FetchOutcome(null, null);
        }

        lock (_gate)
        {
            Volatile.Write(ref _fetch, null);
        }

        completion.SetResult(outcome);
    }

    private void Keep(FetchedToken fetched, long startedAt, FetchReason reason)
    {
        _failures.Forget();
        Cache.Failures.Forget();
        if (reason == FetchReason.Renewal)
        {
            Volatile.Write(ref _renewedAt, startedAt);
        }

        if (fetched.Lifetime is not { } lifetime)
        {
            return;
        }

        CacheSettings settings = Cache.Settings.Cache;
        double jitter = 1 + (settings.RefreshJitter * ((2 * Random.Shared.NextDouble()) - 1));
        double life = lifetime.TotalMilliseconds;
        double margin = Math.Min(settings.ExpiryMargin.TotalMilliseconds, life / 10);
        Volatile.Write(ref _current, new CachedToken(
            fetched.Token,
            RefreshAt: startedAt + (long)Math.Min(life * settings.RefreshAfter * jitter, life - margin),
            UnusableAt: startedAt + (long)(life - margin),
            ExpiresAt: startedAt + (long)life));
    }

    private void Remember(SpidException exception, long startedAt, FetchReason reason)
    {
        // Refused credentials and rate limits concern every token of the client, anything else only this one.
        bool clientWide = exception.Kind == SpidErrorKind.Throttled || OAuthErrors.RefusesCredentials(exception.OAuthError);
        (clientWide ? Cache.Failures : _failures).Remember(exception, startedAt);

        bool hasToken = Volatile.Read(ref _current) is { } current && Cache.Clock.Now < current.ExpiresAt;
        if (hasToken && reason == FetchReason.Refresh)
        {
            Log.TokenRefreshFailed(Cache.Parts.Logger, Cache.Settings.Name, exception.Kind, exception.OAuthError, (int?)exception.StatusCode);
        }
        else
        {
            Log.TokenRequestFailed(Cache.Parts.Logger, Cache.Settings.Name, reason, exception.Kind, exception.OAuthError, (int?)exception.StatusCode, exception.Message);
        }
    }
}
