using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spid.AspNetCore.Authentication;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer.Verification;

namespace Spid.AspNetCore.Tests.Authentication;

/// <summary>Configuration that is invalid for a while.</summary>
internal sealed class SpidBearerSchemesTests
{
    [Test]
    public async Task FirstRequest_ConfigurationBecameInvalidAfterTheStart_GoesByTheLastGoodOne()
    {
        IConfigurationRoot configuration = Configure("first");
        await using ApiRig rig = await ApiRig.StartAsync(authentication: (builder, _) => builder.AddSpidBearer(configuration));
        configuration["Realm"] = "a\"b";
        Assert.That(configuration.Reload, Throws.Exception.With.Message.Contains("Realm"));

        Assert.That(await ChallengeAsync(rig), Is.EqualTo("Bearer realm=\"first\""));

        configuration["Realm"] = "second";
        configuration.Reload();
        Assert.That(await ChallengeAsync(rig), Is.EqualTo("Bearer realm=\"second\""));
    }

    [Test]
    public void Get_ConfigurationInvalidAtFirst_WorksWhenItIsMended()
    {
        IConfigurationRoot configuration = Configure("a\"b");
        var services = new ServiceCollection();
        services.AddAuthentication().AddSpidBearer(configuration).AddSpidBearer(options =>
        {
            options.Authority = new Uri("https://spid.test");
            options.Audiences.Add(ApiRig.Audience);
        });
        using ServiceProvider provider = services.BuildServiceProvider();
        SpidBearerSchemes schemes = provider.GetRequiredService<SpidBearerSchemes>();
        Assert.That(() => schemes.Get("SpidBearer"), Throws.InstanceOf<OptionsValidationException>());

        configuration["Realm"] = "mended";
        configuration.Reload();

        SpidBearerScheme scheme = schemes.Get("SpidBearer");
        Assert.That(scheme.Options.Realm, Is.EqualTo("mended"));
        Assert.That(schemes.Get("SpidBearer"), Is.SameAs(scheme));
    }

    [TestCase("SpidBearer", "https://spid.test")]
    [TestCase("Other", "https://other.test")]
    public void Get_SeveralSchemes_EachVerifiesByItsOwnOptions(string name, string authority)
    {
        var services = new ServiceCollection();
        services.AddAuthentication().AddSpidBearer(options => Configure(options, "https://spid.test")).AddSpidBearer("Other", options => Configure(options, "https://other.test"));
        using ServiceProvider provider = services.BuildServiceProvider();

        SpidBearerScheme scheme = provider.GetRequiredService<SpidBearerSchemes>().Get(name);

        Assert.That(scheme.Verifier, Is.SameAs(provider.GetRequiredKeyedService<ISpidTokenVerifier>(name)));
        Assert.That(scheme.Options.Authority, Is.EqualTo(new Uri(authority)));
    }

    private static void Configure(SpidBearerOptions options, string authority)
    {
        options.Authority = new Uri(authority);
        options.Audiences.Add(ApiRig.Audience);
    }

    private static IConfigurationRoot Configure(string realm) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Realm"] = realm }).Build();

    private static async Task<string> ChallengeAsync(ApiRig rig)
    {
        using HttpResponseMessage response = await rig.GetAsync(null);
        return response.Headers.WwwAuthenticate.ToString();
    }
}
