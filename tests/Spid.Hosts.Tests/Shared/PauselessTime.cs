using Microsoft.Extensions.Time.Testing;

namespace Spid.Hosts.Tests.Shared;

/// <summary>A clock that the test moves, for which the pauses between attempts are over at once. Timeouts are longer than these.</summary>
internal sealed class PauselessTime() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime <= LongestPause && dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
}
