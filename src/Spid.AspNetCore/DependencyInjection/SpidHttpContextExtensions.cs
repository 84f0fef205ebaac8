using Microsoft.AspNetCore.Http;
using Spid.AspNetCore.Authentication;
using Spid.ResourceServer;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Finds what is known of the caller of a request.</summary>
public static class SpidHttpContextExtensions
{
    /// <summary>Gets the token with which the request was authenticated.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The token, or <see langword="null"/> when no scheme of SPiD has let the caller in.</returns>
    public static VerifiedToken? GetVerifiedToken(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return SpidBearerFeature.FindToken(context.User, SpidBearerFeature.Find(context));
    }

    /// <summary>Gets the verification result of the token in the request.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The outcome, or <see langword="null"/> when there was no token.</returns>
    public static SpidVerificationResult? GetSpidVerificationResult(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return SpidBearerFeature.Find(context)?.Result;
    }
}
