using System.ComponentModel.DataAnnotations;

namespace Spid.Client;

/// <summary>Sets how patient the library is with SPiD and how it treats an endpoint that fails.</summary>
public sealed class SpidResilienceOptions
{
    /// <summary>Gets or sets how long obtaining a token may take in all, retries included.</summary>
    /// <value>1 second to 10 minutes. The default is 15 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets or sets how long one request to SPiD may take, its body included.</summary>
    /// <value>100 milliseconds to 10 minutes, not more than <see cref="Timeout"/>. The default is 4 seconds.</value>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Gets or sets how often a transient failure is retried at once. While an endpoint keeps failing there is one attempt a time.</summary>
    /// <value>0 to 10. The default is 2.</value>
    [Range(0, 10)]
    public int RetryAttempts { get; set; } = 2;

    /// <summary>Gets or sets for how many tokens requests may be under way at once. Further ones wait for their turn, within <see cref="Timeout"/>.</summary>
    /// <value>1 to 10 000. The default is 64.</value>
    /// <remarks>It bounds what many different scopes or resources that are asked for at once can cause; calls that ask for the same token share one request anyway.</remarks>
    [Range(1, 10_000)]
    public int MaximumConcurrency { get; set; } = 64;

    /// <summary>Gets or sets the pause after the first failure; it doubles with each further one and is shortened by up to half at random.</summary>
    /// <value>1 millisecond to 1 minute. The default is 1 second.</value>
    public TimeSpan BackoffBase { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the longest pause between two attempts.</summary>
    /// <value>1 millisecond to 1 hour, not less than <see cref="BackoffBase"/>. The default is 30 seconds.</value>
    public TimeSpan BackoffMaximum { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the longest wait that SPiD can impose by <c>Retry-After</c> or <c>request.reset</c>.</summary>
    /// <value>1 second to 1 hour. The default is 5 minutes.</value>
    public TimeSpan MaximumRetryAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets how long a configuration error is remembered before SPiD is asked again. Changed credentials, and options that ask for other tokens, forget it at once.</summary>
    /// <value>1 second to 1 hour. The default is 30 seconds.</value>
    public TimeSpan ConfigurationErrorMemory { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long the circuit breaker keeps all requests of a client away from an endpoint that fails.</summary>
    /// <value>500 milliseconds to 10 minutes. The default is 15 seconds.</value>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(15);
}
