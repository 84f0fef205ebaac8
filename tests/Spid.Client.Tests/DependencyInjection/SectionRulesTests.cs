using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.DependencyInjection;

internal sealed class SectionRulesTests
{
    [TestCase("Scopes", "read:messages", "Spid:Scopes is not an option: the options are AllowPlainHttp, Authority, Cache, ClientAuthentication, ClientId, ClientSecret, Environment, Parameters, RegistrationEndpoint, Resilience, Resources, Scope, SecondaryClientSecret, SendOidcHeader, TokenEndpoint, WarmUp.")]
    [TestCase("Resources", "https://messages.example.com", "Spid:Resources is one value, but Resources is a list: write Spid:Resources:0.")]
    [TestCase("Cache", "60", "Spid:Cache is one value, but Cache has parts: write for example Spid:Cache:ExpiryMargin.")]
    [TestCase("Parameters", "tenant=a", "Spid:Parameters is one value, but Parameters has parts: write for example Spid:Parameters:Name.")]
    [TestCase("Parameters:tenant:name", "a", "Spid:Parameters:tenant has parts, but each entry of Parameters is one value.")]
    [TestCase("Resources:0:Uri", "https://messages.example.com", "Spid:Resources:0 has parts, but each entry of Resources is one value.")]
    [TestCase("Resource:0", "https://messages.example.com", "Spid:Resource is not an option: the options are AllowPlainHttp, Authority")]
    [TestCase("Environment", "Prod", "Spid:Environment is unknown: set it to International, Norway, Finland, Denmark, PreProduction.")]
    [TestCase("ClientAuthentication", "Post", "Spid:ClientAuthentication is unknown: set it to Basic, BasicFormEncoded, Body.")]
    [TestCase("WarmUp", "yes", "Spid:WarmUp is unknown: set it to true or false.")]
    [TestCase("Cache:MaximumEntries", "many", "Spid:Cache:MaximumEntries is no whole number.")]
    [TestCase("Cache:RefreshAfter", "0,8", "Spid:Cache:RefreshAfter is no number with a point before its decimals.")]
    [TestCase("Cache:RenewalPause", "1 minute", "Spid:Cache:RenewalPause is no duration: write hours, minutes and seconds, such as 00:01:30.")]
    [TestCase("Authority", "https://[", "Spid:Authority is no URI.")]
    public void ThrowIfInvalid_KeyWithoutEffect_IsNamedWithWhatToWrite(string key, string value, string expected)
    {
        Dictionary<string, string?> settings = SpidServices.ValidSettings();
        settings[$"Spid:{key}"] = value;

        Assert.That(() => Bind(settings), Throws.TypeOf<OptionsValidationException>().With.Message.Contains(expected));
    }

    [Test]
    public void ThrowIfInvalid_SeveralFaults_ListsAll()
    {
        Dictionary<string, string?> settings = SpidServices.ValidSettings();
        settings["Spid:Scopes"] = "a";
        settings["Spid:Secret"] = "the-value-stays-out";

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => Bind(settings))!;

        Assert.That(exception.Failures.Count(), Is.EqualTo(2));
        Assert.That(exception.Message, Does.Not.Contain("the-value-stays-out"));
    }

    [TestCase("environment", "norway")]
    [TestCase("Payments:ClientId", "a named client below the default one")]
    [TestCase("Payments:ClientSecret", "an environment variable that code reads")]
    [TestCase("Merchants:0:ClientId", "named clients in a list")]
    [TestCase("Resources:0", "https://messages.example.com")]
    [TestCase("Parameters:tenant", "a")]
    [TestCase("Cache:MaximumEntries", "5")]
    [TestCase("Unknown", "")]
    public void ThrowIfInvalid_KeyThatMayStandThere_Passes(string key, string value)
    {
        var settings = new Dictionary<string, string?>(SpidServices.ValidSettings(), StringComparer.OrdinalIgnoreCase) { ["Spid:Environment"] = "Norway" };
        settings[$"Spid:{key}"] = value;

        Assert.That(Bind(settings).Environment, Is.EqualTo(SpidEnvironment.Norway));
    }

    [Test]
    public void ThrowIfInvalid_WholeConfiguration_LeavesKeysOfOthersAlone()
    {
        IConfigurationRoot root = SpidServices.Configuration(new()
        {
            ["Environment"] = "Finland",
            ["ClientId"] = "id",
            ["ClientSecret"] = "secret",
            ["PATH"] = "/usr/bin",
        });
        var services = new SpidServices();
        services.AddSpidClientCredentials(root);

        using ServiceProvider provider = services.Build();

        Assert.That(provider.GetRequiredService<IOptions<SpidClientOptions>>().Value.Environment, Is.EqualTo(SpidEnvironment.Finland));
    }

    private static SpidClientOptions Bind(Dictionary<string, string?> settings)
    {
        IConfigurationRoot configuration = SpidServices.Configuration(settings);
        var services = new SpidServices();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSpidClientCredentials();
        services.AddSpidClientCredentials(configuration.GetSection("Spid"));
        using ServiceProvider provider = services.Build();
        return provider.GetRequiredService<IOptions<SpidClientOptions>>().Value;
    }
}
