using Spid.Client;

namespace Spid.ResourceServer.Introspection;

/// <summary>
/// For how long the endpoint is left alone: because it said so, because it refuses the credentials, or because it keeps failing. Time alone
/// ends it, for a call that goes well meanwhile began before it.
/// </summary>
internal sealed class IntrospectionPause(MonotonicClock clock)
{
    private readonly Lock _gate = new();
    private Until? _until;

    /// <summary>Gets why and for how long the endpoint is still left alone.</summary>
    public (SpidException Error, TimeSpan Left)? Current => Volatile.Read(ref _until) is { } until && until.Time - clock.Now is > 0 and var left
        ? (until.Error, TimeSpan.FromMilliseconds(left))
        : null;

    /// <summary>Begins a pause, unless there is a longer one.</summary>
    public void Begin(SpidException error, TimeSpan duration)
    {
        var next = new Until(error, clock.Now + (long)duration.TotalMilliseconds);

        // Calls end side by side: without the lock a shorter pause could replace a longer one that has just begun.
        lock (_gate)
        {
            if (_until is null || _until.Time < next.Time)
            {
                Volatile.Write(ref _until, next);
            }
        }
    }

    private sealed record Until(SpidException Error, long Time);
}
