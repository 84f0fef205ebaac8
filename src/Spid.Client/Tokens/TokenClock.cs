namespace Spid.Client.Tokens;

/// <summary>Tells the time by which tokens live and die.</summary>
/// <remarks>
/// Reading the wall clock costs several times the coarse monotonic clock, so one reading serves until that clock has ticked. Threads
/// that read at a tick may overtake each other; the wall time is then that of the tick before.
/// </remarks>
internal sealed class TokenClock(TimeProvider timeProvider)
{
    private readonly MonotonicClock _monotonic = new(timeProvider);
    private readonly bool _ticksCoarsely = timeProvider == TimeProvider.System;
    private long _readAt = long.MinValue;
    private long _wall;

    public Moment Now
    {
        get
        {
            long monotonic = _monotonic.Now;
            return new Moment(monotonic, _ticksCoarsely && Volatile.Read(ref _readAt) == monotonic ? Volatile.Read(ref _wall) : ReadWall(monotonic));
        }
    }

    private long ReadWall(long monotonic)
    {
        long wall = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        Volatile.Write(ref _wall, wall);
        Volatile.Write(ref _readAt, monotonic);
        return wall;
    }
}
