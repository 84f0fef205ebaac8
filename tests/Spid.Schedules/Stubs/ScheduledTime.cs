namespace Spid.Schedules.Stubs;

/// <summary>A clock that scenarios move. Each reading is a point at which another thread may go on. Timers never fire.</summary>
internal sealed class ScheduledTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long _milliseconds = 1_000_000;

    public override long TimestampFrequency => 1000;

    public override DateTimeOffset GetUtcNow() => Start.AddMilliseconds(GetTimestamp());

    public override long GetTimestamp() => Volatile.Read(ref _milliseconds);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _milliseconds, (long)time.TotalMilliseconds);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new SilentTimer();

    private sealed class SilentTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            // There is nothing to stop.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
