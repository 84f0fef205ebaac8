using Polly;
using Polly.CircuitBreaker;
using Spid.Client;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>The circuit breaker around one endpoint: most calls of half a minute failed, so there is a break.</summary>
internal sealed class IntrospectionBreaker
{
    private readonly CircuitBreakerStateProvider _state = new();

    /// <param name="settings">The settings.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="pause">What keeps calls away during a break.</param>
    public IntrospectionBreaker(IntrospectionSettings settings, TimeProvider timeProvider, IntrospectionPause pause)
    {
        // The circuit breaker reckons with the wall clock; a step back by an hour would keep it open for that hour.
        var builder = new ResiliencePipelineBuilder { TimeProvider = new SteadyTimeProvider(timeProvider) };
        Pipeline = builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                Name = "breaker",
                FailureRatio = 0.9,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = settings.BreakDuration,
                StateProvider = _state,
                ShouldHandle = arguments => ValueTask.FromResult(IsFailure(arguments.Outcome.Exception)),

                // The breaker itself stays open until somebody calls, however long after.
                OnOpened = arguments =>
                {
                    pause.Begin(arguments.Outcome.Exception as SpidException ?? GivenUp(), arguments.BreakDuration);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    public ResiliencePipeline Pipeline { get; }

    /// <summary>Gets a value indicating whether the one call is under way that shows after a break whether the endpoint works again.</summary>
    public bool IsTesting => _state.CircuitState == CircuitState.HalfOpen;

    /// <summary>A call that its caller gives up says nothing, and so must not end a break.</summary>
    private bool IsFailure(Exception? exception) => exception switch
    {
        SpidException error => error.Kind is SpidErrorKind.Transient or SpidErrorKind.Throttled or SpidErrorKind.Protocol,
        OperationCanceledException => IsTesting,
        _ => false,
    };

    private static SpidException GivenUp() => new(SpidErrorKind.Transient, "The call that would have shown whether introspection works again was given up.");
}
