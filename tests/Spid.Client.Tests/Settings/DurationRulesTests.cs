using Spid.Client.Settings;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Settings;

internal sealed class DurationRulesTests
{
    public static IEnumerable<TestCaseData> Ranges() =>
    [
        Range("Cache.ExpiryMargin", (options, value) => options.Cache.ExpiryMargin = value, 0, 3_600_000),
        Range("Cache.RenewalPause", (options, value) => options.Cache.RenewalPause = value, 1000, 3_600_000),
        Range("Resilience.Timeout", (options, value) => options.Resilience.Timeout = value, 1000, 600_000),
        Range("Resilience.AttemptTimeout", (options, value) => options.Resilience.AttemptTimeout = value, 100, 600_000),
        Range("Resilience.BackoffBase", (options, value) => options.Resilience.BackoffBase = value, 1, 60_000),
        Range("Resilience.BackoffMaximum", (options, value) => options.Resilience.BackoffMaximum = value, 1, 3_600_000),
        Range("Resilience.MaximumRetryAfter", (options, value) => options.Resilience.MaximumRetryAfter = value, 1000, 3_600_000),
        Range("Resilience.ConfigurationErrorMemory", (options, value) => options.Resilience.ConfigurationErrorMemory = value, 1000, 3_600_000),
        Range("Resilience.BreakDuration", (options, value) => options.Resilience.BreakDuration = value, 500, 600_000),
    ];

    [TestCaseSource(nameof(Ranges))]
    public void FindErrors_DurationAtTheEdges_IsAccepted(string option, Action<SpidClientOptions, TimeSpan> set, TimeSpan minimum, TimeSpan maximum)
    {
        Assert.That(RangeErrors(option, set, minimum), Is.Empty);
        Assert.That(RangeErrors(option, set, maximum), Is.Empty);
    }

    [TestCaseSource(nameof(Ranges))]
    public void FindErrors_DurationOutsideTheEdges_NamesTheRange(string option, Action<SpidClientOptions, TimeSpan> set, TimeSpan minimum, TimeSpan maximum)
    {
        foreach (TimeSpan value in new[] { minimum - TimeSpan.FromTicks(1), maximum + TimeSpan.FromTicks(1), TimeSpan.MinValue, TimeSpan.MaxValue, Timeout.InfiniteTimeSpan })
        {
            Assert.That(RangeErrors(option, set, value), Is.EqualTo(new[] { $"{option} is {value}: set it to a duration from {minimum} to {maximum}." }));
        }
    }

    [Test]
    public void FindErrors_AttemptLongerThanTheWhole_NamesBoth()
    {
        SpidClientOptions options = MockSpid.Options();
        options.Resilience.Timeout = TimeSpan.FromSeconds(3);

        Assert.That(DurationRules.FindErrors(options), Is.EqualTo(new[] { "Resilience.AttemptTimeout (00:00:04) is longer than Resilience.Timeout (00:00:03): shorten it." }));
    }

    [Test]
    public void FindErrors_BackoffBaseAboveItsMaximum_NamesBoth()
    {
        SpidClientOptions options = MockSpid.Options();
        options.Resilience.BackoffMaximum = TimeSpan.FromMilliseconds(999);

        Assert.That(DurationRules.FindErrors(options), Is.EqualTo(new[] { "Resilience.BackoffBase (00:00:01) is longer than Resilience.BackoffMaximum (00:00:00.9990000): shorten it." }));
    }

    private static string[] RangeErrors(string option, Action<SpidClientOptions, TimeSpan> set, TimeSpan value)
    {
        SpidClientOptions options = MockSpid.Options();
        set(options, value);
        return [.. DurationRules.FindErrors(options).Where(error => error.StartsWith($"{option} is ", StringComparison.Ordinal))];
    }

    private static TestCaseData Range(string option, Action<SpidClientOptions, TimeSpan> set, int minimum, int maximum) =>
        new TestCaseData(option, set, TimeSpan.FromMilliseconds(minimum), TimeSpan.FromMilliseconds(maximum)).SetArgDisplayNames(option);
}
