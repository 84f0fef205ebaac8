using Microsoft.AspNetCore.Authorization;

namespace Spid.AspNetCore.Scopes;

/// <summary>Lets in callers whose token of SPiD has all of some scopes. For controllers, actions, endpoints and hubs; several add up.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequireSpidScopeAttribute : Attribute, IAuthorizeData, IAuthorizationRequirementData
{
    private readonly SpidScopeRequirement _requirement;

    /// <summary>Initializes a new instance.</summary>
    /// <param name="scopes">The scopes, each by itself.</param>
    /// <exception cref="ArgumentException">There is none, or one has characters that no scope has.</exception>
    public RequireSpidScopeAttribute(params string[] scopes) => _requirement = new SpidScopeRequirement(scopes, isAnyEnough: false);

    /// <summary>Gets the scopes.</summary>
    public IReadOnlyList<string> Scopes => _requirement.Scopes;

    /// <inheritdoc/>
    public string? Policy { get; set; }

    /// <inheritdoc/>
    public string? Roles { get; set; }

    /// <inheritdoc/>
    public string? AuthenticationSchemes { get; set; }

    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [_requirement];
}
