using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Settings;
using Spid.ResourceServer.Verification;

namespace Spid.ResourceServer.DependencyInjection;

/// <summary>Makes the verifier of a name from the services of a host.</summary>
internal static class VerifierFactory
{
    public static ReloadingVerifier Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(IServiceProvider provider, string name)
        where TOptions : SpidVerificationOptions
    {
        IOptionsMonitor<TOptions> options = provider.GetRequiredService<IOptionsMonitor<TOptions>>();
        ILoggerFactory loggers = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var backchannel = new BackchannelFactory(provider, SpidVerifierRegistry.BackchannelName(name), static () => new LookUpAddress());
        var parts = new VerifierParts
        {
            TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System,
            Logger = new SafeLogger(loggers.CreateLogger<ISpidTokenVerifier>()),
            GetHttpClient = backchannel.CreateClient,
            Telemetry = new VerifierTelemetry(name, provider.GetService<IMeterFactory>()),
            LoggerFactory = loggers,
            MeterFactory = provider.GetService<IMeterFactory>(),
            DistributedCache = provider.GetService<IDistributedCache>(),
        };

        string owner = OptionsOwner.Describe(typeof(TOptions), name);
        return new ReloadingVerifier(
            name, () => options.Get(name), (settings, previous) => Create(owner, settings, parts, previous), OptionsFollower.ChangesOf(options, name), parts, owner);
    }

    /// <summary>Some containers cannot tell the validation what is registered. Without the store the options would seem to be in effect.</summary>
    private static SpidTokenVerifier Create(string owner, VerifierSettings settings, VerifierParts parts, SpidTokenVerifier? previous) => settings.Cache.Distributed && parts.DistributedCache is null
        ? throw new InvalidOperationException(
            $"Cache.Distributed of {owner} needs an IDistributedCache in the container: register one, such as AddStackExchangeRedisCache.")
        : new SpidTokenVerifier(settings, parts, previous);
}
