namespace Spid.ResourceServer;

/// <summary>Settings of the cache of verified tokens. It holds what a token says, never whether it was let in: that is decided again for each request.</summary>
public sealed class SpidVerificationCacheOptions
{
    /// <summary>Gets or sets how long a token is not asked about again. It bounds how long a revoked token is accepted.</summary>
    /// <value>The default is 60 seconds. From zero, which switches the cache off, to 1 hour; never beyond the expiry of the token (RFC 7662 section 4).</value>
    public TimeSpan MaximumAge { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets for how long beyond <see cref="MaximumAge"/> a token is still accepted while introspection is unavailable.</summary>
    /// <value>The default is zero. From zero to 1 hour; never beyond the expiry of the token.</value>
    public TimeSpan StaleIfError { get; set; }

    /// <summary>Gets or sets for how long a refused token is remembered.</summary>
    /// <value>The default is 10 seconds. From zero, which remembers none, to 1 minute.</value>
    public TimeSpan NegativeMaximumAge { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how many verified tokens are held.</summary>
    /// <value>The default is 10 000. From 1 to 1 000 000; those used least recently leave first.</value>
    public int MaximumEntries { get; set; } = 10_000;

    /// <summary>Gets or sets how many refused tokens are held. They have a store of their own, so they cannot push out verified ones.</summary>
    /// <value>The default is 2 000. From 1 to 100 000.</value>
    public int MaximumNegativeEntries { get; set; } = 2_000;

    /// <summary>Gets or sets a value indicating whether introspected and confirmed tokens in use are asked about again, in the background, at 80 % of their time in the cache.</summary>
    /// <value>The default is <see langword="true"/>: requests with a busy token do not wait while SPiD answers in time.</value>
    public bool RefreshAhead { get; set; } = true;

    /// <summary>Gets or sets a value indicating whether introspection answers are shared between processes through the <c>IDistributedCache</c> of the container.</summary>
    /// <value>
    /// The default is <see langword="false"/>. Keys are hashed and values sealed with keys derived from the client secret: write
    /// access to the shared store is not enough to read or forge an identity.
    /// </value>
    public bool Distributed { get; set; }
}
