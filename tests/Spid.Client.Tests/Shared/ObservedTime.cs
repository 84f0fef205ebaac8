using Microsoft.Extensions.Time.Testing;

namespace Spid.Client.Tests.Shared;

/// <summary>A clock that the test moves, whose wall can be set wrong, and which knows how many pauses between attempts wait for it.</summary>
internal sealed class ObservedTime(SpidResilienceOptions resilience)
    : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private int _pauses;
    private int _timers;

    /// <summary>Gets the number of timers that run and are no timeout of the pipeline.</summary>
    public int Pauses => Volatile.Read(ref _pauses);

    /// <summary>Gets the number of timers that run.</summary>
    public int Timers => Volatile.Read(ref _timers);

    /// <summary>Gets or sets how far the wall clock is off; timestamps and timers do not notice.</summary>
    public TimeSpan WallClockError { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + WallClockError;

    /// <summary>Gets or sets what happens once, just before the next look at the clock.</summary>
    public Action? BeforeTimestamp { get; set; }

    public override long GetTimestamp()
    {
        if (BeforeTimestamp is { } action)
        {
            BeforeTimestamp = null;
            action();
        }

        return base.GetUtcNow().Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        bool pauses = dueTime > TimeSpan.Zero && dueTime != resilience.Timeout && dueTime != resilience.AttemptTimeout;
        var timer = new ObservedTimer(this, pauses);
        timer.Inner = base.CreateTimer(
            inner =>
            {
                timer.End();
                callback(inner);
            },
            state,
            dueTime,
            period);

        // Counted last: whoever sees the timer may move the clock, and then it must fire.
        timer.Begin();
        return timer;
    }

    private sealed class ObservedTimer(ObservedTime time, bool pauses) : ITimer
    {
        private int _ended;

        public ITimer? Inner { get; set; }

        public void Begin()
        {
            Interlocked.Increment(ref time._timers);
            if (pauses)
            {
                Interlocked.Increment(ref time._pauses);
            }
        }

        public void End()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                Interlocked.Decrement(ref time._timers);
                if (pauses)
                {
                    Interlocked.Decrement(ref time._pauses);
                }
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => Inner!.Change(dueTime, period);

        public void Dispose()
        {
            Inner!.Dispose();
            End();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
