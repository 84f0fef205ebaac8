using System.ComponentModel.DataAnnotations;

namespace Spid.Client;

/// <summary>Sets how many tokens are kept and when each is renewed. The lifetime itself always comes from SPiD.</summary>
public sealed class SpidTokenCacheOptions
{
    /// <summary>Gets or sets how many different token requests are remembered; the least recently used leave first.</summary>
    /// <value>1 to 1 000 000. The default is 10 000.</value>
    [Range(1, 1_000_000)]
    public int MaximumEntries { get; set; } = 10_000;

    /// <summary>Gets or sets after which part of its lifetime a token is renewed in the background.</summary>
    /// <value>0.1 to 0.95. The default is 0.8.</value>
    [Range(0.1, 0.95)]
    public double RefreshAfter { get; set; } = 0.8;

    /// <summary>Gets or sets by how much of that point each token's renewal is moved at random, so that a fleet does not renew at once.</summary>
    /// <value>0 to 0.1, drawn once for each token in both directions. The default is 0.05.</value>
    [Range(0.0, 0.1)]
    public double RefreshJitter { get; set; } = 0.05;

    /// <summary>Gets or sets how long before its expiry a token is renewed at the latest, whatever <see cref="RefreshAfter"/> and <see cref="RefreshJitter"/> say.</summary>
    /// <value>0 to 1 hour, and never more than a tenth of the lifetime. The default is 30 seconds.</value>
    /// <remarks>A token is served until it expires, without waiting, while its renewal is under way or fails.</remarks>
    public TimeSpan ExpiryMargin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long a cache entry is not renewed again after a renewed token was refused as well.</summary>
    /// <value>1 second to 1 hour. The default is 1 minute.</value>
    public TimeSpan RenewalPause { get; set; } = TimeSpan.FromMinutes(1);
}
