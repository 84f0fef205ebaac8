using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
        Assert.That(configuration.Reload, Throws.Nothing);

        Assert.That(await ChallengeAsync(rig), Is.EqualTo("Bearer realm=\"first\""));
        Assert.That(rig.Logs.Lines.Where(line => line.StartsWith("Error", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]), Is.EqualTo(new[] { "VerifierOptionsRefused" }));

        configuration["Realm"] = "second";
        configuration.Reload();
        Assert.That(await ChallengeAsync(rig), Is.EqualTo("Bearer realm=\"second\""));
    }

    [Test(Description = "B30")]
    public async Task Options_NewsOfTwoChangesOvertakeEachOther_CurrentOnesStand()
    {
        var monitor = new HandMonitor();
        await using ApiRig rig = await ApiRig.StartAsync(services: services => services.Replace(ServiceDescriptor.Singleton<IOptionsMonitor<SpidBearerOptions>>(monitor)));
        SpidBearerOptions earlier = HandMonitor.Create("earlier");
        monitor.CurrentValue = HandMonitor.Create("later");

        monitor.Tell(monitor.CurrentValue);
        monitor.Tell(earlier);

        Assert.That(await ChallengeAsync(rig), Is.EqualTo("Bearer realm=\"later\""));
    }

    [Test(Description = "Kind 7")]
    public async Task Challenge_OptionsChangeDuringTheRequest_AnswersByThoseOfItsBeginning()
    {
        IConfigurationRoot configuration = Configure("first");
        await using ApiRig rig = await ApiRig.StartAsync(
            configure: options => options.Events.OnRejected = _ =>
            {
                configuration["Realm"] = "second";
                configuration.Reload();
                return default;
            },
            authentication: (builder, _) => builder.AddSpidBearer(configuration));

        using HttpResponseMessage response = await rig.GetAsync("no-token-of-ours");

        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.StartWith("Bearer realm=\"first\""));
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

    /// <summary>Options whose notifications a test sends by hand, in any order.</summary>
    private sealed class HandMonitor : IOptionsMonitor<SpidBearerOptions>
    {
        private Action<SpidBearerOptions, string?>? _listeners;

        public SpidBearerOptions CurrentValue { get; set; } = Create("first");

        public static SpidBearerOptions Create(string realm) => new()
        {
            Authority = new Uri("https://spid.test"),
            Realm = realm,
            Audiences = { ApiRig.Audience },
        };

        public SpidBearerOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<SpidBearerOptions, string?> listener)
        {
            _listeners += listener;
            return null;
        }

        public void Tell(SpidBearerOptions options) => _listeners!(options, SpidBearerDefaults.AuthenticationScheme);
    }
}
