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
        var subscription = new Subscription();

        var client = new TokenClient(
            name,
            options.Get(name),
            new TokenClientParts
            {
                TimeProvider = timeProvider,
                Logger = loggers.CreateLogger<TokenClient>(),
                GetHttpClient = backchannel.CreateClient,
                CreatePipeline = settings => CreatePipeline(provider, settings, timeProvider, loggers),
                MeterFactory = provider.GetService<IMeterFactory>(),
            },
            subscription);

        // News of two changes may overtake each other, so what the news says is not used but what the options are by then.
        var gate = new Lock();
        void Follow()
        {
            lock (gate)
            {
                client.Apply(options.Get(name));
            }
        }

        subscription.Inner = options.OnChange((_, changedName) =>
        {
            if (changedName == name)
            {
                Follow();
            }
        });

        // A change between the first look at the options and the subscription would be missed.
        Follow();
        return client;
    }

    /// <summary>A pipeline that the user registered under the name of ours replaces it; only the total timeout stays, so that no caller hangs.</summary>
    private static ResiliencePipeline CreatePipeline(IServiceProvider provider, ClientSettings settings, TimeProvider timeProvider, ILoggerFactory loggers)
    {
        string key = Qualify(SpidDiagnostics.PipelineName, settings.Name);
        if (provider.GetService<ResiliencePipelineProvider<string>>() is { } registered && registered.TryGetPipeline(key, out ResiliencePipeline? replacement))
        {
            return new ResiliencePipelineBuilder { TimeProvider = timeProvider }
                .AddTimeout(settings.Resilience.Timeout)
                .AddPipeline(replacement)
                .Build();
        }

        var telemetry = new TelemetryOptions(provider.GetService<IOptions<TelemetryOptions>>()?.Value ?? new TelemetryOptions());
        if (telemetry.LoggerFactory == NullLoggerFactory.Instance)
        {
            telemetry.LoggerFactory = loggers;
        }

        telemetry.LoggerFactory = new SafeLoggerFactory(telemetry.LoggerFactory);
        telemetry.SeverityProvider ??= QuietSeverity;
        return TokenPipeline.Create(settings, timeProvider, builder => builder.ConfigureTelemetry(telemetry));
    }

    /// <summary>This library logs each failed token once, in its own words; attempts and retries are detail, an opened breaker is not.</summary>
    private static ResilienceEventSeverity QuietSeverity(SeverityProviderArguments arguments) =>
        arguments.Event.EventName.StartsWith("OnCircuit", StringComparison.Ordinal) ? arguments.Event.Severity : ResilienceEventSeverity.Debug;

    private static string Qualify(string prefix, string name) => name.Length == 0 ? prefix : $"{prefix}:{name}";

    private sealed class Subscription : IDisposable
    {
        public IDisposable? Inner { get; set; }

        public void Dispose() => Inner?.Dispose();
    }
}
