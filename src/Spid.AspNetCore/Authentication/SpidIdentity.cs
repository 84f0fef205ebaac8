using System.Security.Claims;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Authentication;

/// <summary>
/// The identity of one request. Its claims are made when somebody first looks at them: most requests need no more than the scopes, and
/// those are in the token. As of any <see cref="ClaimsIdentity"/>, several threads may read it while none changes it.
/// </summary>
internal sealed class SpidIdentity : ClaimsIdentity
{
    private const string ClientIdClaim = "client_id";

    private AllClaims? _allClaims;
    private IEnumerable<Claim>? _claims;

    public SpidIdentity(VerifiedToken token, string scheme)
        : base(scheme, ClientIdClaim, DefaultRoleClaimType)
    {
        Token = token;
        if (token.ClientId is null && token.Scopes.Count == 0)
        {
            // It may have no claims at all, and nothing can stand for none.
            base.AddClaims(token.CreateClaims(this));
            return;
        }

        var allClaims = new AllClaims(this);
        base.AddClaim(allClaims);
        _allClaims = allClaims;
    }

    private SpidIdentity(SpidIdentity other)
        : base(other) => Token = other.Token;

    public VerifiedToken Token { get; }

    /// <summary>Gets the client, also when the token names it as <c>azp</c>.</summary>
    public override string? Name => Token.ClientId;

    /// <summary>Gets the claims. Everything else that the base class finds, it finds among these.</summary>
    public override IEnumerable<Claim> Claims => _allClaims is null ? base.Claims : MakeClaims();

    public override void AddClaim(Claim claim)
    {
        KeepClaims();
        base.AddClaim(claim);
    }

    public override void AddClaims(IEnumerable<Claim?> claims)
    {
        KeepClaims();
        base.AddClaims(claims);
    }

    public override bool TryRemoveClaim(Claim? claim)
    {
        KeepClaims();
        return base.TryRemoveClaim(claim);
    }

    public override ClaimsIdentity Clone() => new SpidIdentity(this);

    protected override void WriteTo(BinaryWriter writer, byte[]? userData)
    {
        if (_allClaims is null)
        {
            base.WriteTo(writer, userData);
        }
        else
        {
            new SpidIdentity(this).WriteTo(writer, userData);
        }
    }

    /// <summary>All readers get the claims of the one who was first, for each may note something on a claim.</summary>
    private IEnumerable<Claim> MakeClaims() =>
        Volatile.Read(ref _claims) ?? Interlocked.CompareExchange(ref _claims, Token.CreateClaims(this), null) ?? _claims;

    /// <summary>Puts the claims where the base class changes them.</summary>
    private void KeepClaims()
    {
        if (_allClaims is { } allClaims)
        {
            IEnumerable<Claim> claims = MakeClaims();
            _allClaims = null;
            base.TryRemoveClaim(allClaims);
            base.AddClaims(claims);
        }
    }

    /// <summary>
    /// Stands for all claims in the list of the base class. Constructors of other identities copy that list, which cannot be overridden, but
    /// they do so by asking each claim in it for a copy of itself.
    /// </summary>
    private sealed class AllClaims(SpidIdentity owner)
        : Claim(ClientIdClaim, "", ClaimValueTypes.String, DefaultIssuer, DefaultIssuer, owner)
    {
        public override Claim Clone(ClaimsIdentity? identity)
        {
            Claim[] copies = [.. owner.MakeClaims().Select(claim => claim.Clone(identity))];
            identity!.AddClaims(copies[..^1]);
            return copies[^1];
        }
    }
}
