using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.Wire;

/// <summary>Faults of what both sides share: the connection to SPiD and the clock.</summary>
internal static class WireSeeds
{
    private const string Backchannel = "src/Spid.Wire/Backchannel.cs";
    private const string Clock = "src/Spid.Wire/MonotonicClock.cs";
    private const string Tests = "Spid.Client.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("wire/redirect-followed", "A redirect of the token endpoint carries the client secret to another origin.")
        {
            Edits = [new(Backchannel, "sockets.AllowAutoRedirect = false;", "")],
            Detectors = [Detector.Tests(Tests, "BackchannelTests", "ExchangeTests")],
        },
        new("wire/redirect-followed-by-client-handler", "An HttpClientHandler of the application follows redirects with the client secret.")
        {
            Edits =
            [
                new(Backchannel, "client.AllowAutoRedirect = false;", ""),
                new(Backchannel, "if (UnderlyingTransport.Find(client) is { } underlying)", "if (UnderlyingTransport.Find(client) is { AllowAutoRedirect: false } underlying)"),
            ],
            Detectors = [Detector.Tests(Tests, "BackchannelTests", "ExchangeTests")],
        },
        new("wire/wall-clock", "The lives of tokens are measured by the wall clock, which can be set back.")
        {
            Edits = [new(Clock, "_replaced.GetTimestamp() / _ticksPerMillisecond", "_replaced.GetUtcNow().ToUnixTimeMilliseconds() + (0 * _ticksPerMillisecond)")],
            Detectors = [Detector.Tests(Tests, "ClockTests"), Detector.Tests("Spid.ResourceServer.Tests", "FactsCacheTests")],
        },
        new("wire/breaker-by-wall-clock", "A step of the wall clock keeps the circuit breaker open.")
        {
            Edits = [new("src/Spid.Wire/SteadyTimeProvider.cs", "_start + inner.GetElapsedTime(_origin)", "inner.GetUtcNow() + (0 * (inner.GetUtcNow() - _start)) + (0 * TimeSpan.FromTicks(_origin))")],
            Detectors = [Detector.Tests(Tests, "ClockTests")],
        },
        new("wire/body-unbounded", "An answer may be a hundred times as long as the limit.")
        {
            Edits = [new("src/Spid.Wire/Exchange.cs", "BoundedBody.ReadAsync(response.Content, Limit, cancellationToken)", "BoundedBody.ReadAsync(response.Content, 100 * Limit, cancellationToken)")],
            Detectors = [Detector.Tests(Tests, "TokenAnswerTests"), Detector.Tests("Spid.ResourceServer.Tests", "JwksReaderTests")],
        },
    ];
}
