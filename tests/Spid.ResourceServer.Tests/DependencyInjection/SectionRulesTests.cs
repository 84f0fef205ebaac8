using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Spid.ResourceServer.Tests.DependencyInjection;

/// <summary>What a configuration section must not hold, for it would have no effect.</summary>
internal sealed class SectionRulesTests
{
    [TestCase("AllowedClients", "somebody", "v:AllowedClients is one value, but AllowedClients is a list: write v:AllowedClients:0.")]
    [TestCase("Audiences", "https://messages.example.com", "v:Audiences is one value, but Audiences is a list: write v:Audiences:0.")]
    [TestCase("ConfirmRemotly", "00:01:00", "v:ConfirmRemotly is not an option")]
    [TestCase("AllowedClient:0", "somebody", "v:AllowedClient is not an option")]
    [TestCase("Cache:MaxAge", "00:01:00", "v:Cache:MaxAge is not an option: the options are Distributed, MaximumAge")]
    [TestCase("Cache", "00:01:00", "v:Cache is one value, but Cache has parts: write for example v:Cache:")]
    [TestCase("AllowedClients:0:ClientId", "somebody", "v:AllowedClients:0 has parts, but each entry of AllowedClients is one value.")]
    [TestCase("AllowedClient:0:ClientId", "somebody", "v:AllowedClient is not an option")]
    [TestCase("Mode:0", "Remote", "v:Mode has parts, but Mode is one value.")]
    [TestCase("Mode", "Sometimes", "v:Mode is unknown: set it to Auto, Remote, Local.")]
    [TestCase("Environment", "Preprod", "v:Environment is unknown: set it to International")]
    public void AddSpidTokenVerifier_SectionWithWhatHasNoEffect_IsRefused(string key, string value, string fault) =>
        Assert.That(() => Bind((key, value)), Throws.TypeOf<OptionsValidationException>().With.Message.Contains(fault));

    [Test]
    public void AddSpidTokenVerifier_SectionWithOtherVerifiersAndEveryKindOfOption_IsBound()
    {
        SpidVerifierOptions options = Bind(("AllowedClients:0", "somebody"), ("Mode", "remote"), ("Cache:MaximumAge", "00:00:30"), ("Other:Environment", "Norway"), ("Other:Audiences:0", "x"));

        Assert.That((options.AllowedClients[0], options.Mode, options.Cache.MaximumAge), Is.EqualTo(("somebody", SpidVerificationMode.Remote, TimeSpan.FromSeconds(30))));
    }

    private static SpidVerifierOptions Bind(params (string Key, string Value)[] entries)
    {
        (string, string)[] usual = [("Environment", "PreProduction"), ("ClientId", "c"), ("ClientSecret", "s"), ("Audiences:0", "https://messages.example.com")];
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string value) in usual.Where(entry => !entries.Any(own => own.Key == "Audiences" && entry.Item1 == "Audiences:0")).Concat(entries))
        {
            all["v:" + key] = value;
        }

        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        using ServiceProvider provider = new ServiceCollection().AddSpidTokenVerifier(configuration.GetSection("v")).Services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<SpidVerifierOptions>>().Get("");
    }
}
