using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Issues;

/// <summary>Two sources of configuration that reload side by side: the client ends up with what the options say, whichever news comes last.</summary>
internal sealed class ClientFactoryTests
{
    [Test]
    public void Create_NewsOfTwoChangesOvertakeEachOther_LaterOptionsStand()
    {
        var monitor = new HandMonitor();
        var services = new SpidServices();
        services.AddSpidClientCredentials(ApiRig.CopyTo);
        services.Replace(ServiceDescriptor.Singleton<IOptionsMonitor<SpidClientOptions>>(monitor));
        using ServiceProvider provider = services.Build();
        TokenClient client = provider.GetRequiredService<TokenClient>();
        SpidClientOptions earlier = Options("earlier");
        monitor.CurrentValue = Options("later");

        monitor.Tell(monitor.CurrentValue);
        monitor.Tell(earlier);

        Assert.That(client.Cache.Settings.Defaults.Scope, Is.EqualTo("later"));
    }

    [Test(Description = "A16")]
    public void Create_MonitorOfTheApplicationTellsOfInvalidOptions_IsSaidOnceAndTheOldOnesStand()
    {
        var monitor = new HandMonitor();
        var services = new SpidServices();
        services.AddSpidClientCredentials(ApiRig.CopyTo);
        services.Replace(ServiceDescriptor.Singleton<IOptionsMonitor<SpidClientOptions>>(monitor));
        using ServiceProvider provider = services.Build();
        TokenClient client = provider.GetRequiredService<TokenClient>();
        monitor.Failure = new OptionsValidationException("", typeof(SpidClientOptions), ["ClientId is missing: set it."]);

        Assert.That(() => monitor.Tell(Options("stale")), Throws.Nothing);
        Assert.That(() => monitor.Tell(Options("stale")), Throws.Nothing);
        string[] said = [.. provider.GetFakeLogCollector().GetSnapshot().Where(record => record.Level >= LogLevel.Error).Select(record => record.Message)];
        string? meanwhile = client.Cache.Settings.Defaults.Scope;
        (monitor.Failure, monitor.CurrentValue) = (null, Options("mended"));
        monitor.Tell(Options("stale"));

        Assert.That(said, Is.EqualTo(new[] { "The changed options of the default SPiD client are invalid, and the previous ones stay in effect: ClientId is missing: set it." }));
        Assert.That(new[] { meanwhile, client.Cache.Settings.Defaults.Scope }, Is.EqualTo(new[] { TestClient.Options().Scope, "mended" }));
    }

    private static SpidClientOptions Options(string scope)
    {
        SpidClientOptions options = TestClient.Options();
        options.Scope = scope;
        return options;
    }

    /// <summary>Options whose news a test brings by hand, in the order it likes.</summary>
    private sealed class HandMonitor : IOptionsMonitor<SpidClientOptions>
    {
        private Action<SpidClientOptions, string?>? _listener;

        public SpidClientOptions CurrentValue { get; set; } = TestClient.Options();

        public Exception? Failure { get; set; }

        public SpidClientOptions Get(string? name) => Failure is null ? CurrentValue : throw Failure;

        public IDisposable? OnChange(Action<SpidClientOptions, string?> listener)
        {
            _listener = listener;
            return null;
        }

        public void Tell(SpidClientOptions options) => _listener!(options, "");
    }
}
