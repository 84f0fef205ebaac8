using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Spid.AspNetCore.Authentication;

namespace Spid.AspNetCore.Scopes;

/// <summary>Checks scopes against tokens of SPiD.</summary>
internal sealed class SpidScopeAuthorizationHandler(SpidBearerSchemes schemes) : AuthorizationHandler<SpidScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, SpidScopeRequirement requirement)
    {
        foreach (ClaimsIdentity identity in context.User.Identities)
        {
            if (GrantedScopes.Find(identity, schemes) is { } granted && requirement.IsMetBy(granted))
            {
                context.Succeed(requirement);
                break;
            }
        }

        return Task.CompletedTask;
    }
}
