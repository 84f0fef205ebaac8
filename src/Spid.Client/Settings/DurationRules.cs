namespace Spid.Client.Settings;

/// <summary>Ranges of the durations. <c>RangeAttribute</c> over a type name is not safe to trim, so they stand here.</summary>
internal static class DurationRules
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static IEnumerable<string> FindErrors(SpidClientOptions options)
    {
        SpidTokenCacheOptions cache = options.Cache;
        SpidResilienceOptions resilience = options.Resilience;

        string?[] errors =
        [
            Durations.OutOfRange("Cache.ExpiryMargin", cache.ExpiryMargin, TimeSpan.Zero, Hour),
            Durations.OutOfRange("Cache.RenewalPause", cache.RenewalPause, Second, Hour),
            Durations.OutOfRange("Resilience.Timeout", resilience.Timeout, Second, 10 * Minute),
            Durations.OutOfRange("Resilience.AttemptTimeout", resilience.AttemptTimeout, 100 * Millisecond, 10 * Minute),
            Durations.OutOfRange("Resilience.BackoffBase", resilience.BackoffBase, Millisecond, Minute),
            Durations.OutOfRange("Resilience.BackoffMaximum", resilience.BackoffMaximum, Millisecond, Hour),
            Durations.OutOfRange("Resilience.MaximumRetryAfter", resilience.MaximumRetryAfter, Second, Hour),
            Durations.OutOfRange("Resilience.ConfigurationErrorMemory", resilience.ConfigurationErrorMemory, Second, Hour),
            Durations.OutOfRange("Resilience.BreakDuration", resilience.BreakDuration, 500 * Millisecond, 10 * Minute),
            Durations.Longer("Resilience.AttemptTimeout", resilience.AttemptTimeout, "Resilience.Timeout", resilience.Timeout),
            Durations.Longer("Resilience.BackoffBase", resilience.BackoffBase, "Resilience.BackoffMaximum", resilience.BackoffMaximum),
        ];

        return errors.OfType<string>();
    }
}
