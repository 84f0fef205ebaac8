using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Spid.ResourceServer;

/// <summary>The result of verifying a token. Immutable, and safe for use from several threads.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SpidVerificationResult
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly VerifiedToken? _token;

    private SpidVerificationResult(SpidVerificationStatus status, SpidVerificationReason reason, VerifiedToken? token)
    {
        Status = status;
        Reason = reason;
        _token = token;
    }

    /// <summary>Gets the outcome.</summary>
    public SpidVerificationStatus Status { get; }

    /// <summary>Gets why the token was not accepted.</summary>
    /// <value><see cref="SpidVerificationReason.None"/> when it was.</value>
    public SpidVerificationReason Reason { get; }

    /// <summary>Gets a value indicating whether the token was accepted.</summary>
    public bool IsAccepted => Status == SpidVerificationStatus.Accepted;

    /// <summary>Gets what the token says.</summary>
    /// <exception cref="InvalidOperationException">The token was not accepted, so nothing that it says may be used.</exception>
    [JsonIgnore]
    public VerifiedToken Token => _token ?? throw new InvalidOperationException(
        $"The token was not accepted ({Status}, {Reason}), so nothing that it says may be used. Look at {nameof(Status)} first.");

    /// <summary>Gets when a token that could not be verified may be tried again.</summary>
    /// <value><see langword="null"/> when nothing is known; otherwise positive.</value>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Names the outcome and the reason.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => IsAccepted ? $"Accepted: {_token}" : $"{Status}: {Reason}";

    /// <summary>Creates an outcome; the library does, and so may code that stands in for it in tests.</summary>
    /// <param name="token">The token, such as one of <see cref="VerifiedToken.FromClaims"/>.</param>
    /// <returns>The outcome.</returns>
    public static SpidVerificationResult Accepted(VerifiedToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new(SpidVerificationStatus.Accepted, SpidVerificationReason.None, token);
    }

    /// <summary>Creates an outcome; the library does, and so may code that stands in for it in tests.</summary>
    /// <param name="reason">Why, one of the reasons for <see cref="SpidVerificationStatus.Rejected"/>.</param>
    /// <returns>The outcome.</returns>
    public static SpidVerificationResult Rejected(SpidVerificationReason reason) => new(SpidVerificationStatus.Rejected, reason, null);

    /// <summary>Creates an outcome; the library does, and so may code that stands in for it in tests.</summary>
    /// <param name="reason">Why, one of the reasons for <see cref="SpidVerificationStatus.Forbidden"/>.</param>
    /// <returns>The outcome.</returns>
    public static SpidVerificationResult Forbidden(SpidVerificationReason reason) => new(SpidVerificationStatus.Forbidden, reason, null);

    /// <summary>Creates an outcome; the library does, and so may code that stands in for it in tests.</summary>
    /// <param name="reason">Why, one of the reasons for <see cref="SpidVerificationStatus.Unavailable"/>.</param>
    /// <param name="retryAfter">When to try again, if that is known.</param>
    /// <returns>The outcome.</returns>
    public static SpidVerificationResult Unavailable(SpidVerificationReason reason, TimeSpan? retryAfter = null) =>
        new(SpidVerificationStatus.Unavailable, reason, null) { RetryAfter = retryAfter > TimeSpan.Zero ? retryAfter : null };
}
