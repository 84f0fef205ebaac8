using Spid.Client;

namespace Spid.ResourceServer.Introspection;

/// <summary>For how long the endpoint is left alone because it said so, or because it refuses the credentials.</summary>
internal sealed class IntrospectionPause(MonotonicClock clock)
{
    private Until? _until;

    /// <summary>Gets why and for how long the endpoint is still left alone.</summary>
    public (SpidException Error, TimeSpan Left)? Current => Volatile.Read(ref _until) is { } until && until.Time - clock.Now is > 0 and var left
        ? (until.Error, TimeSpan.FromMilliseconds(left))
        : null;

    public void Begin(SpidException error, TimeSpan duration) => Volatile.Write(ref _until, new Until(error, clock.Now + (long)duration.TotalMilliseconds));

    public void End() => Volatile.Write(ref _until, null);

    private sealed record Until(SpidException Error, long Time);
}
