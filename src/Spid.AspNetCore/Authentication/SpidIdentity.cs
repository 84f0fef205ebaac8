using System.Security.Claims;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Authentication;

/// <summary>
/// The identity of one request, with the claims of its token and the token itself. Remembered tokens get new claims each time too: an
/// application may change the identity that it is given.
/// </summary>
internal sealed class SpidIdentity : ClaimsIdentity
{
    public SpidIdentity(VerifiedToken token, string scheme)
        : base(scheme, "client_id", DefaultRoleClaimType)
    {
        Token = token;
        AddClaims(token.CreateClaims(this));
    }

    private SpidIdentity(SpidIdentity other)
        : base(other) => Token = other.Token;

    public VerifiedToken Token { get; }

    /// <summary>Gets the client, also when the token names it as <c>azp</c>.</summary>
    public override string? Name => Token.ClientId;

    public override ClaimsIdentity Clone() => new SpidIdentity(this);
}
