using Spid.Client.Settings;

namespace Spid.Client.Tokens;

/// <summary>Remembers the last failure until it makes sense to ask again, so that a failing endpoint sees few requests whatever the load.</summary>
/// <param name="clock">The clock.</param>
/// <param name="getSettings">Gets the settings of now: a memory outlives a change of them.</param>
/// <param name="clientWide">The memory of the whole client beside which this one of a single entry was made; <see langword="null"/> for that one itself.</param>
internal sealed class FailureMemory(MonotonicClock clock, Func<ResilienceSettings> getSettings, FailureMemory? clientWide = null)
{
    private readonly Lock _gate = new();
    private Failure? _last;

    public FailureMemory(MonotonicClock clock, ResilienceSettings settings)
        : this(clock, () => settings)
    {
    }

    /// <summary>Gets a value indicating whether the latest attempt failed, remembered or not.</summary>
    public bool IsFailing => Volatile.Read(ref _last) is not null;

    /// <summary>Gets a value indicating whether the latest failure was one to refresh a token that still lived, which keeps only further refreshes away.</summary>
    public bool IsOfRefresh => Volatile.Read(ref _last) is { IsOfRefresh: true };

    /// <summary>Gets a value indicating whether callers are still kept away.</summary>
    public bool Holds => Volatile.Read(ref _last) is { } last && clock.Now < last.Until;

    /// <summary>Gets the latest failure, remembered or not, or <see langword="null"/> after a success.</summary>
    public SpidException? Latest => Volatile.Read(ref _last)?.Exception;

    /// <summary>Gets the failure that still keeps callers away, with the time that is left, or <see langword="null"/>.</summary>
    public SpidException? Remembered
    {
        get
        {
            Failure? last = Volatile.Read(ref _last);
            long left = (last?.Until ?? 0) - clock.Now;
            return last is not null && left > 0 ? last.Exception.Copy(TimeSpan.FromMilliseconds(left)) : null;
        }
    }

    /// <summary>Says whether this memory was made beside that one of the whole client: failures of other credentials say nothing.</summary>
    public bool IsBeside(FailureMemory other) => ReferenceEquals(clientWide, other);

    /// <summary>Remembers a failure of an attempt that began at <paramref name="startedAt"/>; attempts that ran side by side count as one.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="startedAt">When the attempt began.</param>
    /// <param name="deadline">Set while an old token lives: then the next attempt must not wait for as long as the backoff allows.</param>
    public void Remember(SpidException exception, long startedAt, RefreshDeadline? deadline = null)
    {
        ResilienceSettings settings = getSettings();
        lock (_gate)
        {
            int count = CountWith(startedAt, deadline);
            TimeSpan pause = exception switch
            {
                { Kind: SpidErrorKind.Configuration } => settings.ConfigurationErrorMemory,
                { RetryAfter: { } retryAfter } => retryAfter < settings.MaximumRetryAfter ? retryAfter : settings.MaximumRetryAfter,
                _ => Backoff(settings, count, deadline),
            };
            long now = clock.Now;
            var failure = new Failure(exception, count, now, now + Math.Max(1, (long)pause.TotalMilliseconds), IsOfRefresh: deadline is not null && exception.RetryAfter is null);

            // Of failures side by side the one with the longer pause stands: SPiD may have asked for it.
            Volatile.Write(ref _last, _last is { } longer && longer.Until > failure.Until ? longer with { At = now } : failure);
        }
    }

    /// <summary>Forgets the failure, unless it came after the successful attempt began: then it is the newer word.</summary>
    public void Forget(long startedAt)
    {
        if (!IsFailing)
        {
            return;
        }

        lock (_gate)
        {
            if (_last is { } last && last.At < startedAt)
            {
                Volatile.Write(ref _last, null);
            }
        }
    }

    private static TimeSpan Backoff(ResilienceSettings settings, int count, RefreshDeadline? deadline)
    {
        TimeSpan pause = settings.Backoff(count, Random.Shared.NextDouble());
        return deadline?.BoundPause(pause) ?? pause;
    }

    /// <summary>Counts attempts side by side as one, and begins again when the token that was to be refreshed has expired: from then on callers wait.</summary>
    private int CountWith(long startedAt, RefreshDeadline? deadline) => _last switch
    {
        null => 1,
        { IsOfRefresh: true } when deadline is null => 1,
        _ => _last.At >= startedAt ? _last.Count : _last.Count + 1,
    };

    private sealed record Failure(SpidException Exception, int Count, long At, long Until, bool IsOfRefresh);
}
