namespace Spid.ResourceServer.Keys;

/// <summary>Settings of the key set that SPiD publishes at <c>/oauth/jwks</c> (RFC 7517).</summary>
public sealed class SpidKeySetOptions
{
    /// <summary>Gets or sets how old the key set becomes before it is refreshed in the background.</summary>
    /// <value>The default is 15 minutes, 10 % more or less by chance. From 1 minute to 1 day.</value>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Gets or sets for how long the last good key set is used while no newer one can be fetched.</summary>
    /// <value>The default is 24 hours. From <see cref="RefreshInterval"/> to 7 days.</value>
    public TimeSpan LastGoodMaximumAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Gets or sets how often unknown key ids may cause a fetch. Two may follow each other at once; after that one is allowed in each interval.</summary>
    /// <value>The default is 30 seconds. From 1 second to 1 hour.</value>
    public TimeSpan UnknownKeyInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long one fetch may take.</summary>
    /// <value>
    /// The default is 3 seconds. From 100 milliseconds to 1 minute. Where introspection can decide instead, a token waits for the fetch for
    /// half of the time for introspection at most.
    /// </value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets or sets a value indicating whether the key set is fetched while the host starts.</summary>
    /// <value>The default is <see langword="false"/>. A failure is logged and does not stop the host.</value>
    public bool WarmUp { get; set; }
}
