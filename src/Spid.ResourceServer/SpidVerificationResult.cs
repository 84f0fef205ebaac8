using System.Diagnostics;

namespace Spid.ResourceServer;

/// <summary>What came of verifying a token. Immutable, and safe for use from several threads.</summary>
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
    public VerifiedToken Token => _token ?? throw new InvalidOperationException(
        $"The token was not accepted ({Status}, {Reason}), so nothing that it says may be used. Look at {nameof(Status)} first.");

    /// <summary>Gets when a token that could not be verified may be tried again.</summary>
    /// <value><see langword="null"/> when nothing is known; otherwise positive.</value>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Names the outcome and the reason.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => IsAccepted ? $"Accepted: {_token}" : $"{Status}: {Reason}";

    internal static SpidVerificationResult Accepted(VerifiedToken token) => new(SpidVerificationStatus.Accepted, SpidVerificationReason.None, token);

    internal static SpidVerificationResult Rejected(SpidVerificationReason reason) => new(SpidVerificationStatus.Rejected, reason, null);

    internal static SpidVerificationResult Forbidden(SpidVerificationReason reason) => new(SpidVerificationStatus.Forbidden, reason, null);

    internal static SpidVerificationResult Unavailable(SpidVerificationReason reason, TimeSpan? retryAfter) =>
        new(SpidVerificationStatus.Unavailable, reason, null) { RetryAfter = retryAfter > TimeSpan.Zero ? retryAfter : null };
}
