using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Authentication;

/// <summary>What is known of the caller of one request; a scoped service, so that endpoints and authorization find it without the handler.</summary>
internal sealed class SpidBearerState
{
    private SpidIdentity[] _accepted = [];
    private HashSet<string>? _missingScopes;

    /// <summary>Gets or sets the request; <see langword="null"/> until a scheme has looked for a token in it.</summary>
    public HttpContext? HttpContext { get; set; }

    /// <summary>Gets or sets the verification result of the last token.</summary>
    public SpidVerificationResult? Result { get; set; }

    /// <summary>Gets or sets a value indicating whether a scheme could not verify the token because SPiD is unavailable.</summary>
    public bool IsUnavailable { get; set; }

    /// <summary>Gets the scopes that policies asked for and the token lacks, each once, in the order of the policies.</summary>
    public IReadOnlyCollection<string> MissingScopes => _missingScopes is null ? [] : _missingScopes;

    public void NoteAccepted(SpidIdentity identity) => _accepted = [.. _accepted, identity];

    /// <summary>
    /// Finds the token of a caller. A scheme may have accepted one without having let this caller in, because the endpoint asks other
    /// schemes; and a claims transformation may have put a copy in the place of our own identity.
    /// </summary>
    public VerifiedToken? FindToken(ClaimsPrincipal user)
    {
        foreach (ClaimsIdentity identity in user.Identities)
        {
            SpidIdentity? own = identity as SpidIdentity
                ?? (identity.IsAuthenticated ? Array.Find(_accepted, accepted => accepted.AuthenticationType == identity.AuthenticationType) : null);
            if (own is not null)
            {
                return own.Token;
            }
        }

        return null;
    }

    public void NoteMissing(IReadOnlyCollection<string> scopes)
    {
        _missingScopes ??= new HashSet<string>(StringComparer.Ordinal);
        _missingScopes.UnionWith(scopes);
    }
}
