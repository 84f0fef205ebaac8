using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spid.AspNetCore.Authentication;
using Spid.AspNetCore.Tests.Shared;

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

    private static IConfigurationRoot Configure(string realm) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Realm"] = realm }).Build();

    private static async Task<string> ChallengeAsync(ApiRig rig)
    {
        using HttpResponseMessage response = await rig.GetAsync(null);
        return response.Headers.WwwAuthenticate.ToString();
    }
}
