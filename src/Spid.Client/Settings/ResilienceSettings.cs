namespace Spid.Client.Settings;

/// <summary>An immutable copy of <see cref="SpidResilienceOptions"/>.</summary>
internal sealed record ResilienceSettings
{
    public required TimeSpan Timeout { get; init; }

    public required TimeSpan AttemptTimeout { get; init; }

    public required int RetryAttempts { get; init; }

    public required int MaximumConcurrency { get; init; }

    public required TimeSpan BackoffBase { get; init; }

    public required TimeSpan BackoffMaximum { get; init; }

    public required TimeSpan MaximumRetryAfter { get; init; }

    public required TimeSpan ConfigurationErrorMemory { get; init; }

    public required TimeSpan BreakDuration { get; init; }

    public static ResilienceSettings From(SpidResilienceOptions options) => new()
    {
        Timeout = options.Timeout,
        AttemptTimeout = options.AttemptTimeout,
        RetryAttempts = options.RetryAttempts,
        MaximumConcurrency = options.MaximumConcurrency,
        BackoffBase = options.BackoffBase,
        BackoffMaximum = options.BackoffMaximum,
        MaximumRetryAfter = options.MaximumRetryAfter,
        ConfigurationErrorMemory = options.ConfigurationErrorMemory,
        BreakDuration = options.BreakDuration,
    };

    /// <summary>The pause before attempt <paramref name="failures"/> + 1: doubling, and shortened by up to half so that it keeps a floor.</summary>
    public TimeSpan Backoff(int failures, double random)
    {
        double ceiling = Math.Min(BackoffMaximum.TotalMilliseconds, BackoffBase.TotalMilliseconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 40)));
        return TimeSpan.FromMilliseconds(ceiling * (0.5 + (random / 2)));
    }
}
