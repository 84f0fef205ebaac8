using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Issues;

/// <summary>Keys that binding passes over without a word: a client that asks for the wrong scope, or keeps a default that was meant to change.</summary>
internal sealed class SectionRulesTests
{
    [TestCase("Spid:Scope:0", "Spid:Scope has parts, but Scope is one value: write scopes with spaces between them.")]
    [TestCase("Spid:SendOidcHeader:Value", "Spid:SendOidcHeader has parts, but SendOidcHeader is one value.")]
    [TestCase("Spid:Cache:RefreshAfer", "Spid:Cache:RefreshAfer is not an option: the options are ExpiryMargin, MaximumEntries, RefreshAfter, RefreshJitter, RenewalPause.")]
    [TestCase("Spid:Resilience:RetryAttempt", "Spid:Resilience:RetryAttempt is not an option: the options are AttemptTimeout, BackoffBase,")]
    public void ThrowIfInvalid_KeyThatBindingIgnores_IsNamed(string key, string message) =>
        Assert.That(() => Bind(key, "1"), Throws.TypeOf<OptionsValidationException>().With.Message.Contain(message));

    [TestCaseSource(nameof(NestedOptions))]
    public void ThrowIfInvalid_OptionOfANestedSection_Passes(string key, string value) =>
        Assert.That(() => Bind(key, value), Throws.Nothing);

    private static IEnumerable<TestCaseData> NestedOptions() =>
    [
        .. typeof(SpidTokenCacheOptions).GetProperties().Select(property => Valid("Cache", property.Name, property.GetValue(new SpidTokenCacheOptions()))),
        .. typeof(SpidResilienceOptions).GetProperties().Select(property => Valid("Resilience", property.Name, property.GetValue(new SpidResilienceOptions()))),
    ];

    private static TestCaseData Valid(string section, string name, object? value) =>
        new($"Spid:{section}:{name}", string.Create(CultureInfo.InvariantCulture, $"{value}"));

    private static void Bind(string key, string value)
    {
        Dictionary<string, string?> settings = SpidServices.ValidSettings();
        settings[key] = value;
        var services = new SpidServices();
        services.AddSpidClientCredentials(SpidServices.Configuration(settings).GetSection("Spid"));
        using ServiceProvider provider = services.Build();
        _ = provider.GetRequiredService<TokenClient>();
    }
}
