using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Authentication;

namespace Spid.AspNetCore.Challenges;

/// <summary>Restores a 503 as soon as all schemes have answered: what writes the body afterwards, such as a problem document, goes by the status.</summary>
internal sealed class UnavailableResultHandler(IAuthorizationMiddlewareResultHandler application) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Succeeded ? application.HandleAsync(next, context, policy, authorizeResult) : RefuseAsync(next, context, policy, authorizeResult);

    private async Task RefuseAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        await application.HandleAsync(next, context, policy, authorizeResult).ConfigureAwait(false);
        if (context.RequestServices.GetRequiredService<SpidBearerState>().IsUnavailable && !context.Response.HasStarted)
        {
            Refusal.KeepUnavailable(context.Response);
        }
    }
}
