using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Spid.ResourceServer.Tests.DependencyInjection;

/// <summary>Which configuration section a verifier reads: one, and one that has keys.</summary>
internal sealed class SectionsOfOptionsTests
{
    [Test(Description = "A31")]
    public void AddSpidTokenVerifier_TwoSectionsForOneName_NamesBoth()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().Build();
        var services = new ServiceCollection();
        services.AddSpidTokenVerifier("a", configuration.GetSection("X"));
        services.AddSpidTokenVerifier("a", configuration.GetSection("X"));
        services.AddSpidTokenVerifier("a", _ => { });

        Assert.That(
            () => services.AddSpidTokenVerifier("a", configuration.GetSection("Y")),
            Throws.InvalidOperationException.With.Message.StartsWith("There are two configurations of SPiD verifier 'a', section 'X' and section 'Y': "));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Test(Description = "A32")]
    public void StartAsync_SectionIsMissing_SaysWhichAndWhatToSet(bool byDefault)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        _ = byDefault ? builder.Services.AddSpidTokenVerifier() : builder.Services.AddSpidTokenVerifier(builder.Configuration.GetSection("SpidVerifier"));
        using IHost host = builder.Build();

        Assert.That(() => host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.EqualTo(
            "Configuration section 'SpidVerifier' is empty or does not exist: set its keys, for example by the environment variables SpidVerifier__Environment, SpidVerifier__Audiences__0. (options of the default SPiD verifier)"));
    }
}
