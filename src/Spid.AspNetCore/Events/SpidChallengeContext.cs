using Microsoft.AspNetCore.Http;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Events;

/// <summary>A request that is about to be refused.</summary>
public sealed class SpidChallengeContext
{
    internal SpidChallengeContext(HttpContext httpContext, string scheme, int statusCode, SpidVerificationResult? result)
    {
        HttpContext = httpContext;
        Scheme = scheme;
        StatusCode = statusCode;
        Result = result;
    }

    /// <summary>Gets the request.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>Gets the name of the authentication scheme.</summary>
    public string Scheme { get; }

    /// <summary>Gets the status that will be answered: 400, 401, 403 or 503.</summary>
    public int StatusCode { get; }

    /// <summary>Gets the verification result.</summary>
    /// <value><see langword="null"/> when there was none.</value>
    public SpidVerificationResult? Result { get; }

    internal bool IsHandled { get; private set; }

    /// <summary>Says that the application has written the answer, so that nothing is added to it.</summary>
    public void Handle() => IsHandled = true;
}
