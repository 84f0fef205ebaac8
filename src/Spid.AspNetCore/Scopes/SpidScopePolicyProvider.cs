using Microsoft.AspNetCore.Authorization;

namespace Spid.AspNetCore.Scopes;

/// <summary>Makes the policies that scope attributes name, and leaves all others to the provider of the application.</summary>
internal sealed class SpidScopePolicyProvider(IAuthorizationPolicyProvider application) : IAuthorizationPolicyProvider
{
    public bool AllowsCachingPolicies => application.AllowsCachingPolicies;

    public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => application.GetDefaultPolicyAsync();

    public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => application.GetFallbackPolicyAsync();

    public async Task<AuthorizationPolicy?> GetPolicyAsync(string policyName)
    {
        if (SpidScopePolicyName.Parse(policyName) is not { } name)
        {
            return await application.GetPolicyAsync(policyName).ConfigureAwait(false);
        }

        var policy = new AuthorizationPolicyBuilder();
        if (name.Other != "")
        {
            AuthorizationPolicy? other = name.Other is null
                ? await application.GetDefaultPolicyAsync().ConfigureAwait(false)
                : await application.GetPolicyAsync(name.Other).ConfigureAwait(false);
            if (other is null)
            {
                return null;
            }

            policy.Combine(other);
        }

        return policy.AddRequirements(name.Requirement).Build();
    }
}
