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
            OutOfRange("Cache.ExpiryMargin", cache.ExpiryMargin, TimeSpan.Zero, Hour),
            OutOfRange("Cache.RenewalPause", cache.RenewalPause, Second, Hour),
            OutOfRange("Resilience.Timeout", resilience.Timeout, Second, 10 * Minute),
            OutOfRange("Resilience.AttemptTimeout", resilience.AttemptTimeout, 100 * Millisecond, 10 * Minute),
            OutOfRange("Resilience.BackoffBase", resilience.BackoffBase, Millisecond, Minute),
            OutOfRange("Resilience.BackoffMaximum", resilience.BackoffMaximum, Millisecond, Hour),
            OutOfRange("Resilience.MaximumRetryAfter", resilience.MaximumRetryAfter, Second, Hour),
            OutOfRange("Resilience.ConfigurationErrorMemory", resilience.ConfigurationErrorMemory, Second, Hour),
            OutOfRange("Resilience.BreakDuration", resilience.BreakDuration, 500 * Millisecond, 10 * Minute),
            Longer("Resilience.AttemptTimeout", resilience.AttemptTimeout, "Resilience.Timeout", resilience.Timeout),
            Longer("Resilience.BackoffBase", resilience.BackoffBase, "Resilience.BackoffMaximum", resilience.BackoffMaximum),
        ];

        return errors.OfType<string>();
    }

    private static string? OutOfRange(string option, TimeSpan value, TimeSpan minimum, TimeSpan maximum) =>
        value < minimum || value > maximum ? $"{option} is {value}: set it to a duration from {minimum} to {maximum}." : null;

    private static string? Longer(string option, TimeSpan value, string limitOption, TimeSpan limit) =>
        value > limit ? $"{option} ({value}) is longer than {limitOption} ({limit}): shorten it." : null;
}
