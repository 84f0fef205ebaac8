namespace Spid.Client.Settings;

/// <summary>An immutable copy of <see cref="SpidTokenCacheOptions"/>.</summary>
internal sealed record CacheSettings(int MaximumEntries, double RefreshAfter, double RefreshJitter, TimeSpan ExpiryMargin, TimeSpan RenewalPause)
{
    public static CacheSettings From(SpidTokenCacheOptions options) =>
        new(options.MaximumEntries, options.RefreshAfter, options.RefreshJitter, options.ExpiryMargin, options.RenewalPause);
}
