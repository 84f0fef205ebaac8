using Spid.ResourceServer.Claims;
using Spid.ResourceServer.Keys;

namespace Spid.ResourceServer.Verification;

/// <summary>What is known of a token, whoever asks for whatever. Whether it is let in is decided from this for each request.</summary>
internal sealed class TokenFacts(TokenClaims claims, SigningKey? key, TimeSpan clockOffset)
{
    private readonly SpidVerificationResult _found =
        SpidVerificationResult.Accepted(new VerifiedToken(claims, key is null ? SpidTokenSource.Introspected : SpidTokenSource.LocalSignature));

    private readonly SpidVerificationResult _cached = SpidVerificationResult.Accepted(new VerifiedToken(claims, SpidTokenSource.Cached));

    public TokenClaims Claims { get; } = claims;

    /// <summary>Gets the key whose signature was verified; <see langword="null"/> when SPiD was asked.</summary>
    public SigningKey? Key { get; } = key;

    /// <summary>Gets how far SPiD's clock is ahead of this machine's, when its answer told.</summary>
    public TimeSpan ClockOffset { get; } = clockOffset;

    /// <summary>Gets for how long they may be used, when that was decided elsewhere.</summary>
    public TimeSpan? GoodFor { get; init; }

    /// <summary>Gets what to answer once the token has been let in.</summary>
    public SpidVerificationResult Accepted(bool fromCache) => fromCache ? _cached : _found;
}
