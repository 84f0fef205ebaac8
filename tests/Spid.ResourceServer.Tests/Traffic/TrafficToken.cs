using static Spid.ResourceServer.SpidVerificationStatus;

namespace Spid.ResourceServer.Tests.Traffic;

/// <summary>A token of the traffic, and what a verifier may say of it.</summary>
internal sealed class TrafficToken(string text, TrafficKind kind, DateTimeOffset expiresAt, DateTimeOffset keySince)
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>Made-up key ids may hold a new key up for so long, as documented.</summary>
    private static readonly TimeSpan NewKeyMayWait = TimeSpan.FromSeconds(35);

    public string Text { get; } = text;

    public TrafficKind Kind { get; } = kind;

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Gets what SPiD says of it.</summary>
    public bool IsActiveAt(DateTimeOffset now) => Kind is TrafficKind.Good or TrafficKind.Misdirected && RevokedAt is null && now < expiresAt;

    /// <summary>Says whether an outcome is right at a moment.</summary>
    /// <param name="result">The outcome.</param>
    /// <param name="now">The moment.</param>
    /// <param name="isTrouble">Whether SPiD is down, or was a short while ago.</param>
    /// <param name="revocationBound">For how long a revoked token may be taken; <see langword="null"/> where a signature alone decides.</param>
    public bool Allows(SpidVerificationResult result, DateTimeOffset now, bool isTrouble, TimeSpan? revocationBound) => (Kind, result.Status) switch
    {
        (TrafficKind.Good, Accepted) => now < expiresAt + ClockSkew && !(now - RevokedAt > revocationBound),
        (TrafficKind.Good, Rejected) => now >= expiresAt || (RevokedAt is not null && revocationBound is not null),
        (TrafficKind.Good or TrafficKind.Misdirected, Unavailable) => isTrouble || now - keySince < NewKeyMayWait,
        (TrafficKind.Misdirected, Forbidden) => true,
        (TrafficKind.Misdirected, Rejected) => now >= expiresAt,
        (TrafficKind.Foreign, Forbidden) => result.Reason == SpidVerificationReason.WrongIssuer,
        (TrafficKind.Foreign, Rejected) => now >= expiresAt,
        (TrafficKind.Tampered or TrafficKind.MadeUpKey, Rejected or Unavailable) => true,
        (TrafficKind.Hostile, not Accepted) => true,
        (TrafficKind.Opaque, Rejected) => true,
        _ => false,
    };

    /// <summary>The text stays out of the output of a failed test.</summary>
    public override string ToString() => $"{Kind} token, key since {keySince:T}, expires {expiresAt:T}, revoked {RevokedAt:T}";
}
