using System.Diagnostics.Metrics;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Spid.ResourceServer.Diagnostics;

namespace Spid.ResourceServer.Settings;

/// <summary>What a verifier is made of, apart from its settings.</summary>
internal sealed class VerifierParts
{
    public required TimeProvider TimeProvider { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>Gets the client for one request to SPiD; a factory may rotate its handlers. It follows no redirects and has no timeout of its own.</summary>
    public required Func<HttpClient> GetHttpClient { get; init; }

    public required VerifierTelemetry Telemetry { get; init; }

    /// <summary>Gets what makes the loggers of parts that are not the verifier's own, such as the client that gets tokens for look-ups.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Gets what makes their meters.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>Gets the store that processes share, if the options ask for one.</summary>
    public IDistributedCache? DistributedCache { get; init; }
}
