namespace Spid.ResourceServer.Settings;

/// <summary>An immutable copy of <see cref="SpidVerificationCacheOptions"/>. Where nothing may be remembered, nothing is shared.</summary>
internal sealed record CacheSettings(
    TimeSpan MaximumAge, TimeSpan StaleIfError, TimeSpan NegativeMaximumAge, int MaximumEntries, int MaximumNegativeEntries, bool RefreshAhead, bool Distributed)
{
    public static CacheSettings From(SpidVerificationCacheOptions options) => new(
        options.MaximumAge,
        options.StaleIfError,
        options.NegativeMaximumAge,
        options.MaximumEntries,
        options.MaximumNegativeEntries,
        options.RefreshAhead,
        options.Distributed && options.MaximumAge > TimeSpan.Zero);
}
