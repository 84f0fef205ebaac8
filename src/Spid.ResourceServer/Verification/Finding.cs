using System.Runtime.InteropServices;

namespace Spid.ResourceServer.Verification;

/// <summary>The outcome of a search: facts, or the reason why the token is invalid or could not be verified.</summary>
/// <param name="Facts">The facts; when there are some, the rest is empty.</param>
/// <param name="Reason">Why there are none.</param>
/// <param name="IsUnavailable">Whether the token could not be verified because SPiD is unavailable.</param>
/// <param name="IsFinal">Whether the reason concerns this token and holds when it is looked at again, so that it may be remembered.</param>
/// <param name="RetryAfter">When to try again, if that is known.</param>
/// <param name="RememberedFor">For how long it may be remembered, if not for as long as other refusals.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Finding(
    TokenFacts? Facts, SpidVerificationReason Reason, bool IsUnavailable, bool IsFinal, TimeSpan? RetryAfter, TimeSpan? RememberedFor = null)
{
    public static Finding Of(TokenFacts facts) => new(facts, SpidVerificationReason.None, IsUnavailable: false, IsFinal: false, null);

    /// <summary>Refuses for a reason that costs nothing to find again, or that may pass.</summary>
    public static Finding Refused(SpidVerificationReason reason) => new(null, reason, IsUnavailable: false, IsFinal: false, null);

    /// <summary>Refuses for good, after work that is worth remembering.</summary>
    public static Finding RefusedForGood(SpidVerificationReason reason) => new(null, reason, IsUnavailable: false, IsFinal: true, null);

    /// <summary>Gives what SPiD did not decide about this token alone, such as a token that it refuses to look at.</summary>
    public static Finding UnavailableForToken(SpidVerificationReason reason, TimeSpan? retryAfter) => new(null, reason, IsUnavailable: true, IsFinal: true, retryAfter);

    public static Finding Unavailable(SpidVerificationReason reason, TimeSpan? retryAfter) => new(null, reason, IsUnavailable: true, IsFinal: false, retryAfter);
}
