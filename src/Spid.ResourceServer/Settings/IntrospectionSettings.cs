using Spid.ResourceServer.Introspection;

namespace Spid.ResourceServer.Settings;

/// <summary>An immutable copy of <see cref="SpidIntrospectionOptions"/>.</summary>
internal sealed record IntrospectionSettings(TimeSpan Timeout, int MaximumConcurrency, int MaximumQueue, TimeSpan BreakDuration, TimeSpan MaximumRetryAfter)
{
    public static IntrospectionSettings From(SpidIntrospectionOptions options) =>
        new(options.Timeout, options.MaximumConcurrency, options.MaximumQueue, options.BreakDuration, options.MaximumRetryAfter);

    /// <summary>Bounds how long SPiD is left alone, whatever it asks for.</summary>
    public TimeSpan? Bounded(TimeSpan? pause) => pause > MaximumRetryAfter ? MaximumRetryAfter : pause;
}
