using System.Security.Claims;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Authentication;

/// <summary>
/// The identity of one request. Its claims are made when somebody first looks at them: most requests need no more than the scopes, and
/// those are in the token.
/// </summary>
internal sealed class SpidIdentity : ClaimsIdentity
{
    private const string ClientIdClaim = "client_id";

    private bool _hasClaims;

    public SpidIdentity(VerifiedToken token, string scheme)
        : base(scheme, ClientIdClaim, DefaultRoleClaimType) => Token = token;

    private SpidIdentity(SpidIdentity other)
        : base(other)
    {
        Token = other.Token;
        _hasClaims = true;
    }

    public VerifiedToken Token { get; }

    /// <summary>Gets the client, also when the token names it as <c>azp</c>.</summary>
    public override string? Name => Token.ClientId;

    public override IEnumerable<Claim> Claims
    {
        get
        {
            MakeClaims();
            return base.Claims;
        }
    }

    public override void AddClaim(Claim claim)
    {
        MakeClaims();
        base.AddClaim(claim);
    }

    public override void AddClaims(IEnumerable<Claim?> claims)
    {
        MakeClaims();
        base.AddClaims(claims);
    }

    public override bool TryRemoveClaim(Claim? claim)
    {
        MakeClaims();
        return base.TryRemoveClaim(claim);
    }

    public override void RemoveClaim(Claim? claim)
    {
        MakeClaims();
        base.RemoveClaim(claim);
    }

    public override IEnumerable<Claim> FindAll(Predicate<Claim> match)
    {
        MakeClaims();
        return base.FindAll(match);
    }

    public override IEnumerable<Claim> FindAll(string type)
    {
        MakeClaims();
        return base.FindAll(type);
    }

    public override Claim? FindFirst(Predicate<Claim> match)
    {
        MakeClaims();
        return base.FindFirst(match);
    }

    public override Claim? FindFirst(string type)
    {
        MakeClaims();
        return base.FindFirst(type);
    }

    public override bool HasClaim(Predicate<Claim> match)
    {
        MakeClaims();
        return base.HasClaim(match);
    }

    public override bool HasClaim(string type, string value)
    {
        MakeClaims();
        return base.HasClaim(type, value);
    }

    public override ClaimsIdentity Clone()
    {
        MakeClaims();
        return new SpidIdentity(this);
    }

    protected override void WriteTo(BinaryWriter writer, byte[]? userData)
    {
        MakeClaims();
        base.WriteTo(writer, userData);
    }

    private void MakeClaims()
    {
        if (!_hasClaims)
        {
            _hasClaims = true;
            base.AddClaims(Token.CreateClaims(this));
        }
    }
}
