namespace Spid.ResourceServer.Verification;

/// <summary>A token that cannot become good within a few seconds, and until when that is remembered.</summary>
/// <param name="Reason">Why it is not accepted.</param>
/// <param name="IsUnavailable">Whether SPiD gives no usable answer for it, and so has not called it bad.</param>
/// <param name="Until">Until when, in milliseconds of the verifier's own clock.</param>
internal sealed record CachedRefusal(SpidVerificationReason Reason, bool IsUnavailable, long Until)
{
    public Finding ToFinding(long now) => IsUnavailable
        ? Finding.UnavailableForToken(Reason, TimeSpan.FromMilliseconds(Until - now))
        : Finding.RefusedForGood(Reason);
}
