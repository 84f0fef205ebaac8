using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Spid.Client.Diagnostics;
using Spid.Client.Settings;

namespace Spid.Client.Tokens;

/// <summary>What a <see cref="TokenClient"/> is made of, apart from its options.</summary>
internal sealed class TokenClientParts
{
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Gets the clock of the tokens.</summary>
    public TokenClock TokenClock => field ??= new TokenClock(TimeProvider);

    /// <summary>Gets the logger. Its exceptions are swallowed.</summary>
    public required ILogger Logger
    {
        get;
        init
        {
            field = new SafeLogger(value);
            IsLogging = value is not NullLogger;
        }
    }

    /// <summary>Gets a value indicating whether log lines may reach anyone.</summary>
    public bool IsLogging { get; private init; }

    /// <summary>Gets the client for one request; a factory may rotate its handlers.</summary>
    public required Func<HttpClient> GetHttpClient { get; init; }

    /// <summary>Gets the factory of the resilience pipeline, called again when settings change.</summary>
    public required Func<ClientSettings, ResiliencePipeline> CreatePipeline { get; init; }

    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>Gets the telemetry that the client shares with others; <see langword="null"/> when it has its own.</summary>
    public ClientTelemetry? Telemetry { get; init; }
}
