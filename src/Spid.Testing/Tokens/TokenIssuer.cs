using Spid.Testing.Clients;
using Spid.Testing.Keys;

namespace Spid.Testing.Tokens;

/// <summary>Makes tokens and remembers them.</summary>
internal sealed class TokenIssuer(SpidKeys keys, TokenStore store, TimeProvider timeProvider, string defaultClientId, Func<string> issuer)
{
    private readonly JwtWriter _writer = new(keys);

    public IssuedToken Issue(SpidTokenSpec spec)
    {
        var issuedAt = spec.IssuedAt ?? timeProvider.GetUtcNow();
        var subject = new TokenSubject(
            spec.ClientId ?? defaultClientId,
            spec.Issuer ?? issuer(),
            issuedAt,
            issuedAt + (spec.Lifetime ?? TokenLifetimes.Of(spec.Kind)));
        var claims = TokenClaims.Create(spec, subject);
        var value = spec.Kind is SpidTokenKind.Opaque ? RandomText.OpaqueToken() : _writer.Write(spec, claims);
        var token = new IssuedToken(value, spec.Kind, subject.ClientId, subject.ExpiresAt, claims);
        if (spec.Signature is SpidSignature.Valid)
        {
            store.Add(token);
        }

        return token;
    }
}
