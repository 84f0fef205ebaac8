using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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

        public SpidClientOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<SpidClientOptions, string?> listener)
        {
            _listener = listener;
            return null;
        }

        public void Tell(SpidClientOptions options) => _listener!(options, "");
    }
}
