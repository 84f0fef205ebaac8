using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Spid.AspNetCore.Authentication;

namespace Spid.AspNetCore.Challenges;

/// <summary>
/// Restores the status of a refused token as soon as another scheme has answered: what writes the body afterwards, such as a problem document, goes by the
/// status. All ways of refusing a request come by here: endpoint policies, filters of MVC, and results of endpoints.
/// </summary>
internal sealed class RefusalAuthenticationService(IAuthenticationService application) : IAuthenticationService
{
    public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme) => application.AuthenticateAsync(context, scheme);

    public async Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        foreach (string? asked in FindAsked(context, scheme))
        {
            await application.ChallengeAsync(context, asked, properties).ConfigureAwait(false);
        }

        Restore(context);
    }

    public async Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        foreach (string? asked in FindAsked(context, scheme))
        {
            await application.ForbidAsync(context, asked, properties).ConfigureAwait(false);
        }

        Restore(context);
    }

    public Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties) =>
        application.SignInAsync(context, scheme, principal, properties);

    public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => application.SignOutAsync(context, scheme, properties);

    /// <summary>The schemes that an endpoint has asked answer, where no scheme is named.</summary>
    private static IReadOnlyList<string?> FindAsked(HttpContext context, string? scheme) =>
        scheme is null && SpidBearerFeature.Find(context)?.AskedSchemes is { Count: > 0 } asked ? asked : (IReadOnlyList<string?>)[scheme];

    private static void Restore(HttpContext context)
    {
        if (SpidBearerFeature.Find(context)?.RefusedWith is { } statusCode && !context.Response.HasStarted)
        {
            Refusal.Restore(context.Response, statusCode);
        }
    }
}
