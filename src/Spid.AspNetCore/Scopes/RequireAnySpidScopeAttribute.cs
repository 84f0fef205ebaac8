using Microsoft.AspNetCore.Authorization;

namespace Spid.AspNetCore.Scopes;

/// <summary>Lets in callers whose token of SPiD has at least one of some scopes. For controllers, actions, endpoints and hubs.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequireAnySpidScopeAttribute : AuthorizeAttribute, IAuthorizeData
{
    private readonly SpidScopeRequirement _requirement;

    /// <summary>Initializes a new instance.</summary>
    /// <param name="scopes">The scopes, each by itself.</param>
    /// <exception cref="ArgumentException">There is none, or one has characters that no scope has.</exception>
    public RequireAnySpidScopeAttribute(params string[] scopes) => _requirement = new SpidScopeRequirement(scopes, isAnyEnough: true);

    /// <summary>Gets the scopes.</summary>
    public IReadOnlyList<string> Scopes => _requirement.Scopes;

    /// <summary>SignalR reads only attributes of the base class, and takes the policy from here as all others do.</summary>
    string? IAuthorizeData.Policy
    {
        get => SpidScopePolicyName.Of(_requirement, Policy, Roles);
        set => Policy = value;
    }
}
