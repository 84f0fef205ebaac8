using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Telemetry;
using Polly.Timeout;
using Spid.Client.Diagnostics;
using Spid.Client.Settings;

namespace Spid.Client.Tokens;

/// <summary>The default resilience of the token endpoint: retry, circuit breaker, timeout of one attempt. The total timeout is the fetch's own.</summary>
internal static class TokenPipeline
{
    /// <summary>Set while an endpoint keeps failing: then one attempt at a time finds out whether it is back.</summary>
    public static readonly ResiliencePropertyKey<bool> SingleAttempt = new("spid.single-attempt");

    /// <summary>Set while an old token lives: attempts and pauses are then shorter than their settings allow.</summary>
    public static readonly ResiliencePropertyKey<RefreshDeadline> Deadline = new("spid.refresh-deadline");

    public static ResiliencePipeline Create(ClientSettings settings, TimeProvider timeProvider, Action<ResiliencePipelineBuilder> configureTelemetry)
    {
        var builder = new ResiliencePipelineBuilder
        {
            Name = SpidDiagnostics.PipelineName,
            InstanceName = settings.Name.Length == 0 ? null : settings.Name,
            TimeProvider = timeProvider,
        };
        configureTelemetry(builder);
        if (builder.TelemetryListener is { } listener)
        {
            builder.TelemetryListener = new SafeTelemetryListener(listener);
        }

        Configure(builder, settings.Resilience);
        return builder.Build();
    }

    /// <summary>This library logs each failed token once, in its own words; attempts and retries are detail, an opened breaker is not.</summary>
    public static ResilienceEventSeverity QuietSeverity(SeverityProviderArguments arguments) =>
        arguments.Event.EventName.StartsWith("OnCircuit", StringComparison.Ordinal) ? arguments.Event.Severity : ResilienceEventSeverity.Debug;

    public static void Configure(ResiliencePipelineBuilder builder, ResilienceSettings settings)
    {
        // The circuit breaker reckons with the wall clock; a step back by an hour would keep it open for that hour.
        builder.TimeProvider = new SteadyTimeProvider(builder.TimeProvider ?? TimeProvider.System);
        if (settings.RetryAttempts > 0)
        {
            builder.AddRetry(CreateRetry(settings));
        }

        builder.AddCircuitBreaker(CreateBreaker(settings)).AddTimeout(CreateAttemptTimeout(settings));
    }

    private static RetryStrategyOptions CreateRetry(ResilienceSettings settings) => new()
    {
        Name = "retry",
        MaxRetryAttempts = settings.RetryAttempts,
        ShouldHandle = arguments => ValueTask.FromResult(
            !arguments.Context.Properties.GetValue(SingleAttempt, defaultValue: false)
            && MayPass(arguments.Outcome.Exception)

            // A longer wait is the caller's business: the failure is remembered for that time and callers are told.
            && !(RetryAfter(arguments.Outcome.Exception) > settings.AttemptTimeout)),
        DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
            RetryAfter(arguments.Outcome.Exception)
            ?? BoundPause(arguments.Context, settings.Backoff(arguments.AttemptNumber + 1, Random.Shared.NextDouble()))),
    };

    private static TimeoutStrategyOptions CreateAttemptTimeout(ResilienceSettings settings) => new()
    {
        Timeout = settings.AttemptTimeout,
        TimeoutGenerator = arguments => ValueTask.FromResult(DeadlineOf(arguments.Context)?.BoundAttempt(settings.AttemptTimeout) ?? settings.AttemptTimeout),
    };

    private static CircuitBreakerStrategyOptions CreateBreaker(ResilienceSettings settings) => new()
    {
        Name = "breaker",
        FailureRatio = 0.9,
        MinimumThroughput = 10,
        SamplingDuration = TimeSpan.FromSeconds(30),
        BreakDuration = settings.BreakDuration,
        ShouldHandle = arguments => ValueTask.FromResult(MayPass(arguments.Outcome.Exception)),
    };

    private static TimeSpan BoundPause(ResilienceContext context, TimeSpan pause) => DeadlineOf(context)?.BoundPause(pause) ?? pause;

    private static RefreshDeadline? DeadlineOf(ResilienceContext context) => context.Properties.TryGetValue(Deadline, out RefreshDeadline? deadline) ? deadline : null;

    private static bool MayPass(Exception? exception) => exception is SpidException { IsTransient: true } or TimeoutRejectedException;

    private static TimeSpan? RetryAfter(Exception? exception) => (exception as SpidException)?.RetryAfter;
}
