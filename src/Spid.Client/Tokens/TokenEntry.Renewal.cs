using Spid.Client.Diagnostics;

namespace Spid.Client.Tokens;

/// <content>Renewal after an API refused a token, and its budget.</content>
internal sealed partial class TokenEntry
{
    /// <summary>A renewed token that is refused within this time says that renewing does not help.</summary>
    private const long SuspiciousAge = 30_000;

    private long _renewedAt = long.MinValue / 2;
    private long _pausedUntil = long.MinValue;

    /// <summary>Replaces <paramref name="rejected"/> unless that has happened already; <see langword="null"/> while renewing is paused.</summary>
    public async ValueTask<ServerToken?> RenewAsync(ServerToken rejected, CancellationToken cancellationToken)
    {
        if (TryGetOther(rejected, out ServerToken? other))
        {
            Cache.Telemetry.Renewal("already_renewed");
            return other;
        }

        if (IsPaused(rejected))
        {
            Cache.Telemetry.Renewal("paused");
            return null;
        }

        // A background refresh that is under way serves as well as a fetch of its own.
        FetchOutcome outcome = await WaitForFetchAsync(FetchReason.Renewal, rejected, cancellationToken).ConfigureAwait(false);
        if (IsSame(outcome.Token, rejected))
        {
            // SPiD issued the refused token once more, so there is nothing to try again with.
            Cache.Telemetry.Renewal("paused");
            return null;
        }

        Cache.Telemetry.Renewal(outcome.Token is null ? "failed" : "renewed");
        return outcome.Token ?? throw Failed(outcome);
    }

    /// <summary>Compares the text, because a token may have been stored and recreated by the caller.</summary>
    private static bool IsSame(ServerToken? token, ServerToken? other) =>
        ReferenceEquals(token, other) || (token is not null && string.Equals(token.AccessToken, other?.AccessToken, StringComparison.Ordinal));

    private bool TryGetOther(ServerToken rejected, out ServerToken? other)
    {
        CachedToken? current = Volatile.Read(ref _current);
        other = current?.Token;
        return current is not null && !IsSame(other, rejected) && current.IsAliveAt(Cache.TokenClock.Now);
    }

    private bool IsPaused(ServerToken rejected)
    {
        bool isPaused = IsPaused(rejected, Cache.Clock.Now, out bool begins);
        if (begins)
        {
            // Outside the lock: a logger may be slow, or ask for a token to send its lines.
            Log.RenewalPaused(Cache.Parts.Logger, Cache.Settings.Name, (long)Cache.Settings.Cache.RenewalPause.TotalSeconds);
        }

        return isPaused;
    }

    private bool IsPaused(ServerToken rejected, long now, out bool begins)
    {
        begins = false;
        lock (_gate)
        {
            // A renewal that ended a moment ago answers this refusal too; it says nothing about the token it brought.
            if (TryGetOther(rejected, out _))
            {
                return false;
            }

            if (now < _pausedUntil)
            {
                return true;
            }

            if (now - _renewedAt >= SuspiciousAge)
            {
                return false;
            }

            _pausedUntil = now + (long)Cache.Settings.Cache.RenewalPause.TotalMilliseconds;
            begins = true;
            return true;
        }
    }
}
