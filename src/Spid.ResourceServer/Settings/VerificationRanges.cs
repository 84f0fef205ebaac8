using System.Globalization;

namespace Spid.ResourceServer.Settings;

/// <summary>Ranges of numbers and durations.</summary>
internal static class VerificationRanges
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static IEnumerable<string> FindErrors(SpidVerificationOptions options)
    {
        string?[] errors =
        [
            Durations.OutOfRange("ClockSkew", options.ClockSkew, TimeSpan.Zero, 5 * Minute),
            options.ConfirmRemotely is { } confirm ? Durations.OutOfRange("ConfirmRemotely", confirm, Second, Day) : null,
            Durations.OutOfRange("Cache.MaximumAge", options.Cache.MaximumAge, TimeSpan.Zero, Hour),
            Durations.OutOfRange("Cache.StaleIfError", options.Cache.StaleIfError, TimeSpan.Zero, Hour),
            Durations.OutOfRange("Cache.NegativeMaximumAge", options.Cache.NegativeMaximumAge, TimeSpan.Zero, Minute),
            OutOfRange("Cache.MaximumEntries", options.Cache.MaximumEntries, 1, 1_000_000),
            OutOfRange("Cache.MaximumNegativeEntries", options.Cache.MaximumNegativeEntries, 1, 100_000),
            Durations.OutOfRange("Introspection.Timeout", options.Introspection.Timeout, 100 * Millisecond, Minute),
            OutOfRange("Introspection.MaximumConcurrency", options.Introspection.MaximumConcurrency, 1, 1_000),
            OutOfRange("Introspection.MaximumQueue", options.Introspection.MaximumQueue, 0, 10_000),
            Durations.OutOfRange("Introspection.BreakDuration", options.Introspection.BreakDuration, 500 * Millisecond, 10 * Minute),
            Durations.OutOfRange("Introspection.MaximumRetryAfter", options.Introspection.MaximumRetryAfter, Second, Hour),
            Durations.OutOfRange("Keys.RefreshInterval", options.Keys.RefreshInterval, Minute, Day),
            Durations.OutOfRange("Keys.LastGoodMaximumAge", options.Keys.LastGoodMaximumAge, Minute, 7 * Day),
            Durations.Longer("Keys.RefreshInterval", options.Keys.RefreshInterval, "Keys.LastGoodMaximumAge", options.Keys.LastGoodMaximumAge),
            Durations.OutOfRange("Keys.UnknownKeyInterval", options.Keys.UnknownKeyInterval, Second, Hour),
            Durations.OutOfRange("Keys.Timeout", options.Keys.Timeout, 100 * Millisecond, Minute),
        ];

        return errors.OfType<string>();
    }

    private static string? OutOfRange(string option, int value, int minimum, int maximum) => value < minimum || value > maximum
        ? string.Create(CultureInfo.InvariantCulture, $"{option} is {value}: set it to a number from {minimum} to {maximum}.")
        : null;
}
