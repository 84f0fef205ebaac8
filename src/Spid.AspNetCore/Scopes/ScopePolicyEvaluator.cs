using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Spid.AspNetCore.Authentication;

namespace Spid.AspNetCore.Scopes;

/// <summary>
/// Lets policies that ask for scopes, and name no scheme, ask SPiD's. The default scheme of the application may be one of cookies, which knows no tokens and
/// sends every caller to a log-in page. Done when a policy is complete: what it is put together from may name schemes.
/// </summary>
internal sealed class ScopePolicyEvaluator(IPolicyEvaluator application, SpidBearerSchemes schemes, IAuthenticationSchemeProvider provider) : IPolicyEvaluator
{
    public Task<AuthenticateResult> AuthenticateAsync(AuthorizationPolicy policy, HttpContext context) =>
        policy.AuthenticationSchemes.Count == 0 && policy.Requirements.Any(static requirement => requirement is SpidScopeRequirement)
            ? AuthenticateByScopeAsync(policy, context)
            : application.AuthenticateAsync(policy, context);

    public Task<PolicyAuthorizationResult> AuthorizeAsync(AuthorizationPolicy policy, AuthenticateResult authenticationResult, HttpContext context, object? resource) =>
        application.AuthorizeAsync(policy, authenticationResult, context, resource);

    private async Task<AuthenticateResult> AuthenticateByScopeAsync(AuthorizationPolicy policy, HttpContext context)
    {
        AuthenticationScheme? defaultScheme = await provider.GetDefaultAuthenticateSchemeAsync().ConfigureAwait(false);
        IReadOnlyList<string> asked = schemes.FindForScopes(defaultScheme);
        if (asked.Count > 0)
        {
            // They answer too: the default scheme for challenges may be another one.
            SpidBearerFeature.Of(context).AskedSchemes = asked;
            if (!schemes.Has(defaultScheme?.Name))
            {
                policy = new AuthorizationPolicy(policy.Requirements, asked);
            }
        }

        return await application.AuthenticateAsync(policy, context).ConfigureAwait(false);
    }
}
