using System.Collections.Frozen;
using System.Security.Claims;
using Spid.AspNetCore.Authentication;

namespace Spid.AspNetCore.Scopes;

/// <summary>Finds what SPiD has granted. A claim called <c>scope</c> that another scheme made says nothing about that, so only identities of our schemes count.</summary>
internal static class GrantedScopes
{
    private const string ScopeClaim = "scope";

    /// <summary>Gives the scopes of a token, or <see langword="null"/> for an identity that is not of a token. A claims transformation may have put a copy in the place of our own identity.</summary>
    public static IReadOnlySet<string>? Find(ClaimsIdentity identity, SpidBearerSchemes schemes) => identity switch
    {
        SpidIdentity own => own.Token.Scopes,
        { IsAuthenticated: true } copy when schemes.Has(copy.AuthenticationType) => copy.FindAll(ScopeClaim).Select(claim => claim.Value).ToFrozenSet(StringComparer.Ordinal),
        _ => null,
    };
}
