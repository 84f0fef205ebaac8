namespace Spid.ResourceServer.Introspection;

/// <summary>
/// Settings of the calls to the introspection endpoint (RFC 7662), and to the look-up of opaque tokens, which has limits, pauses and a circuit breaker of its
/// own. Calls are never repeated: the caller of the service waits for one call at most.
/// </summary>
public sealed class SpidIntrospectionOptions
{
    /// <summary>Gets or sets how long a call may take, waiting for its turn included. It bounds the whole verification of a token, key fetches included.</summary>
    /// <value>The default is 3 seconds. From 100 milliseconds to 1 minute.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets or sets how many calls run at once.</summary>
    /// <value>The default is 64. From 1 to 1 000.</value>
    public int MaximumConcurrency { get; set; } = 64;

    /// <summary>Gets or sets how many calls wait for their turn; tokens beyond that are answered as unavailable at once.</summary>
    /// <value>The default is 256. From 0 to 10 000.</value>
    public int MaximumQueue { get; set; } = 256;

    /// <summary>Gets or sets for how long the endpoint is left alone after most calls of half a minute have failed, or when it refused this service's credentials.</summary>
    /// <value>The default is 5 seconds. From 500 milliseconds to 10 minutes.</value>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the longest <c>Retry-After</c> of SPiD that is obeyed.</summary>
    /// <value>The default is 1 minute. From 1 second to 1 hour.</value>
    public TimeSpan MaximumRetryAfter { get; set; } = TimeSpan.FromMinutes(1);
}
