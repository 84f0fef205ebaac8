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
        var state = new CircuitBreakerStateProvider();
        return builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                Name = "breaker",
                FailureRatio = 0.9,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = settings.BreakDuration,
                StateProvider = state,
                ShouldHandle = arguments => ValueTask.FromResult(IsFailure(arguments.Outcome.Exception, state)),

                // The breaker itself stays open until somebody calls, however long after.
                OnOpened = arguments =>
                {
                    pause.Begin(arguments.Outcome.Exception as SpidException ?? GivenUp(), arguments.BreakDuration);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>A call that its caller gives up says nothing, and so must not end a break.</summary>
    private static bool IsFailure(Exception? exception, CircuitBreakerStateProvider state) => exception switch
    {
        SpidException error => error.Kind is SpidErrorKind.Transient or SpidErrorKind.Throttled or SpidErrorKind.Protocol,
        OperationCanceledException => state.CircuitState == CircuitState.HalfOpen,
        _ => false,
    };

    private static SpidException GivenUp() => new(SpidErrorKind.Transient, "The call that would have shown whether introspection works again was given up.");
}
