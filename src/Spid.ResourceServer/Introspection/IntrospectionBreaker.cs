using Polly;
using Polly.CircuitBreaker;
using Spid.Client;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>The circuit breaker around the introspection endpoint: most calls of half a minute failed, so there is a break.</summary>
internal static class IntrospectionBreaker
{
    public static ResiliencePipeline Create(IntrospectionSettings settings, TimeProvider timeProvider, IntrospectionPause pause)
    {
        // The circuit breaker reckons with the wall clock; a step back by an hour would keep it open for that hour.
        var builder = new ResiliencePipelineBuilder { TimeProvider = new SteadyTimeProvider(timeProvider) };
        return builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                Name = "breaker",
                FailureRatio = 0.9,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = settings.BreakDuration,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is SpidException { Kind: SpidErrorKind.Transient or SpidErrorKind.Throttled or SpidErrorKind.Protocol }),

                // The breaker itself stays open until somebody calls, however long after.
                OnOpened = arguments =>
                {
                    pause.Begin((SpidException)arguments.Outcome.Exception!, arguments.BreakDuration);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }
}
