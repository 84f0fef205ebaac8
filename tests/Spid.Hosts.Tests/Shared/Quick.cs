using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Spid.Hosts.Tests.Shared;

/// <summary>Resilience of a service without pauses, with a circuit breaker that few failures open and only the end of the test closes.</summary>
internal static class Quick
{
    private const int MinimumThroughput = 12;

    /// <summary>The two failures of the script open nothing, however many attempts a package makes of one call.</summary>
    private const double FailureRatio = 0.5;

    private static readonly TimeSpan BreakDuration = TimeSpan.FromHours(12);

    public static void AddRetries(IHttpClientBuilder http) => http.AddStandardResilienceHandler(options =>
    {
        options.Retry.Delay = TimeSpan.Zero;
        options.Retry.BackoffType = DelayBackoffType.Constant;
        options.Retry.UseJitter = false;
        options.CircuitBreaker.FailureRatio = FailureRatio;
        options.CircuitBreaker.MinimumThroughput = MinimumThroughput;
        options.CircuitBreaker.BreakDuration = BreakDuration;
    });

    public static void AddHedging(IHttpClientBuilder http) => http.AddStandardHedgingHandler().Configure(options =>
    {
        // Hedged after a failure, not after a time.
        options.Hedging.Delay = Timeout.InfiniteTimeSpan;
        options.Endpoint.CircuitBreaker.FailureRatio = FailureRatio;
        options.Endpoint.CircuitBreaker.MinimumThroughput = MinimumThroughput;
        options.Endpoint.CircuitBreaker.BreakDuration = BreakDuration;
    });
}
