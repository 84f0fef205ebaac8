namespace Spid.ResourceServer.Verification;

/// <summary>
/// Refuses a token for what its unverified payload says, so that a token of another issuer, an expired one and an ID token cost neither a fetch
/// of keys nor a call. It accepts none, and it stores nothing: to look again is cheaper.
/// </summary>
internal sealed class UnverifiedCheck(Judgement judgement)
{
    /// <summary>Finds the first fault, in the order in which <see cref="Judgement"/> looks for them.</summary>
    /// <param name="compact">The token; <see langword="null"/> when it is not a JWT and says nothing of itself.</param>
    /// <param name="needsSignature">Whether only a signature can let it in. Where SPiD is asked, its answer may state what the token leaves out.</param>
    /// <param name="now">The time of day.</param>
    /// <param name="expiresAt">When it expires, if it says so.</param>
    public SpidVerificationReason FindFault(CompactToken? compact, bool needsSignature, DateTimeOffset now, out DateTimeOffset? expiresAt)
    {
        expiresAt = null;
        if (compact is null)
        {
            return SpidVerificationReason.None;
        }

        if (compact.ReadOwnClaims() is not { } own)
        {
            // A payload that is no JSON object says nothing of itself: where a signature decides, whether that is good comes first.
            return needsSignature && compact.ReadPayload() is null ? SpidVerificationReason.None : SpidVerificationReason.MalformedClaims;
        }

        expiresAt = own.ExpiresAt;
        if (!own.IsAccessToken)
        {
            return SpidVerificationReason.NotAnAccessToken;
        }

        if (needsSignature && !own.HasExpiry)
        {
            return SpidVerificationReason.NoExpiry;
        }

        if (judgement.IsExpired(expiresAt, now))
        {
            return SpidVerificationReason.Expired;
        }

        return judgement.AcceptsIssuer(own.Issuer, mayBeAbsent: !needsSignature) ? SpidVerificationReason.None : SpidVerificationReason.WrongIssuer;
    }
}
