using Microsoft.Extensions.Options;
using Spid.Client.Settings;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Settings;

internal sealed class SpidClientOptionsValidatorTests
{
    public static IEnumerable<TestCaseData> OutOfRange() =>
    [
        Case("MaximumEntries", options => options.Cache.MaximumEntries = 0),
        Case("MaximumEntries", options => options.Cache.MaximumEntries = 1_000_001),
        Case("RefreshAfter", options => options.Cache.RefreshAfter = 0.09),
        Case("RefreshAfter", options => options.Cache.RefreshAfter = 0.96),
        Case("RefreshAfter", options => options.Cache.RefreshAfter = double.NaN),
        Case("RefreshJitter", options => options.Cache.RefreshJitter = -0.01),
        Case("RefreshJitter", options => options.Cache.RefreshJitter = 0.11),
        Case("RefreshJitter", options => options.Cache.RefreshJitter = double.NaN),
        Case("RetryAttempts", options => options.Resilience.RetryAttempts = -1),
        Case("RetryAttempts", options => options.Resilience.RetryAttempts = 11),
        Case("MaximumConcurrency", options => options.Resilience.MaximumConcurrency = 0),
        Case("MaximumConcurrency", options => options.Resilience.MaximumConcurrency = 10_001),
        Case("ClientAuthentication", options => options.ClientAuthentication = (SpidClientAuthentication)3),
        Case("ClientAuthentication", options => options.ClientAuthentication = (SpidClientAuthentication)(-1)),
        Case("ClientId is missing", options => options.ClientId = null),
        Case("ClientId is missing", options => options.ClientId = ""),
        Case("ClientId is missing", options => options.ClientId = "  "),
        Case("ClientSecret is missing", options => options.ClientSecret = null),
        Case("ClientSecret is missing", options => options.ClientSecret = ""),
        Case("ClientSecret is missing", options => options.ClientSecret = "\t"),
    ];

    [TestCaseSource(nameof(OutOfRange))]
    public void Validate_ValueOutOfRange_NamesTheOption(string option, Action<SpidClientOptions> configure)
    {
        SpidClientOptions options = MockSpid.Options();
        configure(options);

        ValidateOptionsResult result = new SpidClientOptionsValidator().Validate("", options);

        Assert.That(result.Failures, Has.Exactly(1).Contains(option));
        Assert.That(result.Failures?.Count(), Is.EqualTo(1));
    }

    [Test]
    public void Validate_ValuesAtTheEdges_AreAccepted()
    {
        SpidClientOptions low = MockSpid.Options();
        (low.Cache.MaximumEntries, low.Cache.RefreshAfter, low.Cache.RefreshJitter, low.Resilience.RetryAttempts, low.Resilience.MaximumConcurrency) = (1, 0.1, 0, 0, 1);
        SpidClientOptions high = MockSpid.Options();
        (high.Cache.MaximumEntries, high.Cache.RefreshAfter, high.Cache.RefreshJitter, high.Resilience.RetryAttempts, high.Resilience.MaximumConcurrency) = (1_000_000, 0.95, 0.1, 10, 10_000);

        Assert.That(new SpidClientOptionsValidator().Validate("", low).Succeeded, Is.True);
        Assert.That(new SpidClientOptionsValidator().Validate("", high).Succeeded, Is.True);
    }

    private static TestCaseData Case(string option, Action<SpidClientOptions> configure) => new TestCaseData(option, configure).SetArgDisplayNames(option);
}
