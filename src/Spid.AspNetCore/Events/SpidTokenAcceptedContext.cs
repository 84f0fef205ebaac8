using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Events;

/// <summary>A token that was accepted.</summary>
public sealed class SpidTokenAcceptedContext
{
    internal SpidTokenAcceptedContext(HttpContext httpContext, string scheme, VerifiedToken token, ClaimsIdentity identity)
    {
        HttpContext = httpContext;
        Scheme = scheme;
        Token = token;
        Identity = identity;
    }

    /// <summary>Gets the request.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>Gets the name of the authentication scheme.</summary>
    public string Scheme { get; }

    /// <summary>Gets what the token says.</summary>
    public VerifiedToken Token { get; }

    /// <summary>Gets the identity of this request, to add claims to. It is not shared with other requests.</summary>
    public ClaimsIdentity Identity { get; }

    internal SpidVerificationResult? Refusal { get; private set; }

    /// <summary>Refuses the token: the caller gets a 401.</summary>
    public void Reject() => Refusal = SpidVerificationResult.Rejected(SpidVerificationReason.RefusedByApplication);

    /// <summary>Refuses the caller: it gets a 403.</summary>
    public void Forbid() => Refusal = SpidVerificationResult.Forbidden(SpidVerificationReason.ClientNotAllowed);
}
