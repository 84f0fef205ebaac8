using Microsoft.Extensions.Time.Testing;

namespace Spid.ResourceServer.Tests.Shared;

/// <summary>A clock that the test moves, and whose wall can be set wrong.</summary>
internal sealed class SteppingTime() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    /// <summary>Gets or sets how far the wall clock is off; timestamps and timers do not notice.</summary>
    public TimeSpan WallClockError { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + WallClockError;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
