using Spid.ResourceServer.Keys;

namespace Spid.ResourceServer.Settings;

/// <summary>An immutable copy of <see cref="SpidKeySetOptions"/>.</summary>
internal sealed record KeySetSettings(TimeSpan RefreshInterval, TimeSpan LastGoodMaximumAge, TimeSpan UnknownKeyInterval, TimeSpan Timeout, bool WarmUp)
{
    public static KeySetSettings From(SpidKeySetOptions options) =>
        new(options.RefreshInterval, options.LastGoodMaximumAge, options.UnknownKeyInterval, options.Timeout, options.WarmUp);
}
