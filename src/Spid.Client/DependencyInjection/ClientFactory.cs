using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;
using Polly.Telemetry;
using Spid.Client.Diagnostics;
using Spid.Client.Settings;
using Spid.Client.Tokens;

namespace Spid.Client.DependencyInjection;

/// <summary>Makes the client of a name from the services of a host.</summary>
internal static class ClientFactory
{
    public static string BackchannelName(string name) => Qualify(SpidDiagnostics.BackchannelName, name);

    public static TokenClient Create(IServiceProvider provider, string name)
    {
        IOptionsMonitor<SpidClientOptions> options = provider.GetRequiredService<IOptionsMonitor<SpidClientOptions>>();
        ILoggerFactory loggers = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        TimeProvider timeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        var backchannel = new BackchannelFactory(provider, BackchannelName(name));
        ILogger logger = loggers.CreateLogger<TokenClient>();
        TokenClient? client = null;
        var follower = new OptionsFollower<SpidClientOptions>(
            () => options.Get(name),
            changed => client!.Apply(changed),
            errors => Log.OptionsRefused(logger, OptionsOwner.Describe(typeof(SpidClientOptions), name), errors));

        client = new TokenClient(
            name,
            options.Get(name),
            new TokenClientParts
            {
                TimeProvider = timeProvider,
                Logger = logger,
                GetHttpClient = backchannel.CreateClient,
                CreatePipeline = settings => CreatePipeline(provider, settings, timeProvider, loggers),
                MeterFactory = provider.GetService<IMeterFactory>(),
            },
            follower);
        follower.Start(OptionsFollower.ChangesOf(options, name));
        return client;
    }

    /// <summary>Creates what all clients share whose names are known only at run time.</summary>
    public static TokenClientParts CreateSharedParts(IServiceProvider provider)
    {
        ILoggerFactory loggers = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        TimeProvider timeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        var backchannel = new BackchannelFactory(provider, BackchannelName(RuntimeClients.SharedName));
        return new TokenClientParts
        {
            TimeProvider = timeProvider,
            Logger = loggers.CreateLogger<TokenClient>(),
            GetHttpClient = backchannel.CreateClient,
            CreatePipeline = settings => CreatePipeline(provider, settings with { Name = RuntimeClients.SharedName }, timeProvider, loggers),
            Telemetry = new ClientTelemetry(RuntimeClients.SharedName, provider.GetService<IMeterFactory>(), static () => null),
        };
    }

    /// <summary>A pipeline that the user registered under the name of ours replaces it. The total timeout is the fetch's own.</summary>
    private static ResiliencePipeline CreatePipeline(IServiceProvider provider, ClientSettings settings, TimeProvider timeProvider, ILoggerFactory loggers)
    {
        string key = Qualify(SpidDiagnostics.PipelineName, settings.Name);
        if (provider.GetService<ResiliencePipelineProvider<string>>() is { } registered && registered.TryGetPipeline(key, out ResiliencePipeline? replacement))
        {
            return replacement;
        }

        var telemetry = new TelemetryOptions(provider.GetService<IOptions<TelemetryOptions>>()?.Value ?? new TelemetryOptions());
        if (telemetry.LoggerFactory == NullLoggerFactory.Instance)
        {
            telemetry.LoggerFactory = loggers;
        }

        telemetry.LoggerFactory = new SafeLoggerFactory(telemetry.LoggerFactory);
        telemetry.SeverityProvider ??= TokenPipeline.QuietSeverity;
        return TokenPipeline.Create(settings, timeProvider, builder => builder.ConfigureTelemetry(telemetry));
    }

    private static string Qualify(string prefix, string name) => name.Length == 0 ? prefix : $"{prefix}:{name}";
}
