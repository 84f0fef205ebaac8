using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace Spid.AspNetCore.Scopes;

/// <summary>
/// Enforces scopes on methods of SignalR hubs. SignalR reads policies from the attributes of a method but no requirements, so without this
/// an attribute there would ask for nothing but a caller with a token.
/// </summary>
internal sealed class SpidScopeHubFilter : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        SpidScopeRequirement[] requirements =
        [
            .. invocationContext.HubMethod.GetCustomAttributes(inherit: true)
                .OfType<IAuthorizationRequirementData>()
                .SelectMany(data => data.GetRequirements())
                .OfType<SpidScopeRequirement>(),
        ];
        if (requirements.Length > 0)
        {
            IAuthorizationService authorization = invocationContext.ServiceProvider.GetRequiredService<IAuthorizationService>();
            AuthorizationResult result = await authorization.AuthorizeAsync(invocationContext.Context.User!, invocationContext, requirements).ConfigureAwait(false);
            if (!result.Succeeded)
            {
                throw new HubException($"The caller is unauthorized to invoke '{invocationContext.HubMethodName}': its token lacks a scope.");
            }
        }

        return await next(invocationContext).ConfigureAwait(false);
    }
}
