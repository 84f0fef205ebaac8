using Microsoft.Extensions.Time.Testing;

namespace Spid.Hosts.Tests.Shared;

/// <summary>A clock that the test moves, for which the pauses between attempts are over at once. Timeouts are longer than these.</summary>
internal sealed class PauselessTime() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Gets the same clock for a service that is called: a limit of it may be as short as a pause.</summary>
    public TimeProvider WithPauses => new Patient(this);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime <= LongestPause && dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);

    private ITimer CreateWaitingTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, dueTime, period);

    private sealed class Patient(PauselessTime time) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateWaitingTimer(callback, state, dueTime, period);
    }
}
