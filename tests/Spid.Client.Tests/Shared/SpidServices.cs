using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Spid.Client.Tests.Shared;

/// <summary>Services with a fake clock and log, whose SPiD clients all talk to one stub.</summary>
internal sealed class SpidServices : ServiceCollection
{
    public SpidServices()
    {
        this.AddLogging(logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Trace));
        this.AddSingleton<TimeProvider>(Time);
        this.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => Api));
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture));

    public StubSpid Spid { get; } = new();

    public StubApi Api { get; } = new();

    /// <summary>Gets settings that make a valid client, as a configuration file would hold them.</summary>
    public static Dictionary<string, string?> ValidSettings(string section = "Spid") => new()
    {
        [$"{section}:Environment"] = "PreProduction",
        [$"{section}:ClientId"] = "4e8463569caf7ca019000007",
        [$"{section}:ClientSecret"] = "the-first-secret-of-the-tests",
    };

    public static IConfigurationRoot Configuration(Dictionary<string, string?> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    /// <summary>Lets a registered client talk to the stub.</summary>
    public SpidClientBuilder Stub(SpidClientBuilder client)
    {
        client.Backchannel.ConfigurePrimaryHttpMessageHandler(() => Spid);
        return client;
    }

    public ServiceProvider Build() => this.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
}
