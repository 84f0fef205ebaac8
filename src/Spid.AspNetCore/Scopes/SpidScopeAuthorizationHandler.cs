using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;
using Spid.AspNetCore.Authentication;

namespace Spid.AspNetCore.Scopes;

/// <summary>
/// Checks scopes against tokens of SPiD. A claim called <c>scope</c> that another scheme made says nothing about what SPiD has granted, so
/// only identities of our schemes count.
/// </summary>
internal sealed class SpidScopeAuthorizationHandler(SpidBearerSchemes schemes) : AuthorizationHandler<SpidScopeRequirement>
{
    private const string ScopeClaim = "scope";

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, SpidScopeRequirement requirement)
    {
        bool isKnown = false;
        foreach (ClaimsIdentity identity in context.User.Identities)
        {
            if (FindGranted(identity) is not { } granted)
            {
                continue;
            }

            if (requirement.IsMetBy(granted))
            {
                context.Succeed(requirement);
                return Task.CompletedTask;
            }

            isKnown = true;
        }

        if (isKnown && HttpContextOf(context.Resource) is { } http)
        {
            http.RequestServices.GetRequiredService<SpidBearerState>().NoteMissing(requirement.Scopes);
        }

        return Task.CompletedTask;
    }

    private static HttpContext? HttpContextOf(object? resource) => resource switch
    {
        HttpContext http => http,
        AuthorizationFilterContext filter => filter.HttpContext,
        _ => null,
    };

    /// <summary>A claims transformation may have put a copy in the place of our own identity.</summary>
    private IReadOnlySet<string>? FindGranted(ClaimsIdentity identity) => identity switch
    {
        SpidIdentity own => own.Token.Scopes,
        { IsAuthenticated: true } copy when schemes.Has(copy.AuthenticationType) => copy.FindAll(ScopeClaim).Select(claim => claim.Value).ToFrozenSet(StringComparer.Ordinal),
        _ => null,
    };
}
