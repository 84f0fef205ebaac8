using Spid.ResourceServer.Claims;
using Spid.ResourceServer.Keys;

namespace Spid.ResourceServer.Verification;

/// <summary>What is known of a token, independent of the request. Whether it is let in is decided from this for each request.</summary>
internal sealed class TokenFacts(TokenClaims claims, SpidTokenSource source, TimeSpan clockOffset)
{
    /// <summary>The longest life of a token whose expiry is unknown.</summary>
    private static readonly TimeSpan WithoutExpiry = TimeSpan.FromSeconds(30);

    private readonly SpidVerificationResult _found = SpidVerificationResult.Accepted(new VerifiedToken(claims, source));

    private readonly SpidVerificationResult _cached = SpidVerificationResult.Accepted(new VerifiedToken(claims, SpidTokenSource.Cached));

    public TokenClaims Claims { get; } = claims;

    /// <summary>Gets the key whose signature was verified; <see langword="null"/> when SPiD was asked.</summary>
    public SigningKey? Key { get; init; }

    /// <summary>Gets the proof-of-possession binding (<c>cnf</c>, RFC 7800).</summary>
    public TokenBinding Binding { get; init; } = claims.Binding;

    /// <summary>Gets a value indicating whether it is a user's, as far as is known.</summary>
    public bool IsUserToken { get; init; } = claims.IsUserToken;

    /// <summary>Gets how far SPiD's clock is ahead of this machine's, when its answer told.</summary>
    public TimeSpan ClockOffset { get; } = clockOffset;

    /// <summary>Gets for how long they may be used, when that was decided elsewhere.</summary>
    public TimeSpan? GoodFor { get; init; }

    /// <summary>Reckons by SPiD's clock when its answer told the time, so that a wrong clock of this machine cannot stretch it.</summary>
    public TimeSpan LifeAt(DateTimeOffset now) => Claims.ExpiresAt is { } expiry ? expiry - (now + ClockOffset) : WithoutExpiry;

    /// <summary>Gives the same with what the token says of itself, which counts against it where the answer is silent.</summary>
    public TokenFacts With(OwnClaims own)
    {
        bool isUserToken = own.MayBeUserToken(Claims);
        return own.Binding.IsBound || isUserToken != IsUserToken
            ? new TokenFacts(Claims, source, ClockOffset) { Key = Key, Binding = Binding.And(own.Binding), IsUserToken = isUserToken, GoodFor = GoodFor }
            : this;
    }

    /// <summary>Gets what to answer once the token has been let in.</summary>
    public SpidVerificationResult Accepted(bool fromCache) => fromCache ? _cached : _found;
}
