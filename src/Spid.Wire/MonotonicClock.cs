namespace Spid.Wire;

/// <summary>Milliseconds that only go forward, whatever happens to the wall clock.</summary>
internal sealed class MonotonicClock(TimeProvider timeProvider)
{
    private readonly TimeProvider? _replaced = timeProvider == TimeProvider.System ? null : timeProvider;
    private readonly long _ticksPerMillisecond = timeProvider.TimestampFrequency / 1000;

    /// <summary>Gets the time. The system's coarse clock costs a third of a timestamp, and is read on every call.</summary>
    public long Now => _replaced is null ? Environment.TickCount64 : _replaced.GetTimestamp() / _ticksPerMillisecond;
}
