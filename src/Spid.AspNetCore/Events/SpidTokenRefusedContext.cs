using Microsoft.AspNetCore.Http;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Events;

/// <summary>A token that was not accepted.</summary>
public sealed class SpidTokenRefusedContext
{
    internal SpidTokenRefusedContext(HttpContext httpContext, string scheme, SpidVerificationResult result)
    {
        HttpContext = httpContext;
        Scheme = scheme;
        Result = result;
    }

    /// <summary>Gets the request.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>Gets the name of the authentication scheme.</summary>
    public string Scheme { get; }

    /// <summary>Gets the outcome and the reason.</summary>
    public SpidVerificationResult Result { get; }
}
