using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Spid.AspNetCore.Scopes;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Asks for scopes of SPiD on endpoints and in policies.</summary>
/// <remarks>
/// Where a policy names no scheme, the default scheme of the application is asked if it is one of SPiD's or a policy scheme, and else the scheme that
/// <c>AddSpidBearer</c> added without a name; all of SPiD's where each has a name.
/// </remarks>
public static class SpidScopeExtensions
{
    /// <summary>Lets in callers whose token has all of some scopes.</summary>
    /// <typeparam name="TBuilder">The type of the builder.</typeparam>
    /// <param name="builder">The endpoints.</param>
    /// <param name="scopes">The scopes, each by itself.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is none, or one has characters that no scope has.</exception>
    public static TBuilder RequireSpidScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(new RequireSpidScopeAttribute(scopes));

    /// <summary>Requires the token to contain all of the given scopes, and to be accepted by a scheme.</summary>
    /// <typeparam name="TBuilder">The type of the builder.</typeparam>
    /// <param name="builder">The endpoints.</param>
    /// <param name="scopes">The scopes, each by itself.</param>
    /// <param name="authenticationScheme">The name of the authentication scheme; several are separated by commas, and one that accepts the token is enough.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one has characters that no scope has; or there is no scheme.</exception>
    public static TBuilder RequireSpidScope<TBuilder>(this TBuilder builder, string[] scopes, string authenticationScheme)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(authenticationScheme);
        return builder.RequireAuthorization(new RequireSpidScopeAttribute(scopes) { AuthenticationSchemes = authenticationScheme });
    }

    /// <summary>Lets in callers whose token has at least one of some scopes.</summary>
    /// <typeparam name="TBuilder">The type of the builder.</typeparam>
    /// <param name="builder">The endpoints.</param>
    /// <param name="scopes">The scopes, each by itself.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is none, or one has characters that no scope has.</exception>
    public static TBuilder RequireAnySpidScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(new RequireAnySpidScopeAttribute(scopes));

    /// <summary>Requires the token to contain at least one of the given scopes, and to be accepted by a scheme.</summary>
    /// <typeparam name="TBuilder">The type of the builder.</typeparam>
    /// <param name="builder">The endpoints.</param>
    /// <param name="scopes">The scopes, each by itself.</param>
    /// <param name="authenticationScheme">The name of the authentication scheme; several are separated by commas, and one that accepts the token is enough.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one has characters that no scope has; or there is no scheme.</exception>
    public static TBuilder RequireAnySpidScope<TBuilder>(this TBuilder builder, string[] scopes, string authenticationScheme)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(authenticationScheme);
        return builder.RequireAuthorization(new RequireAnySpidScopeAttribute(scopes) { AuthenticationSchemes = authenticationScheme });
    }

    /// <summary>Adds to a policy that the token must have all of some scopes.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="scopes">The scopes, each by itself.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is none, or one has characters that no scope has.</exception>
    public static AuthorizationPolicyBuilder RequireSpidScope(this AuthorizationPolicyBuilder policy, params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.RequireAuthenticatedUser().AddRequirements(new SpidScopeRequirement(scopes, isAnyEnough: false));
    }

    /// <summary>Adds to a policy that the token must have at least one of some scopes.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="scopes">The scopes, each by itself.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is none, or one has characters that no scope has.</exception>
    public static AuthorizationPolicyBuilder RequireAnySpidScope(this AuthorizationPolicyBuilder policy, params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.RequireAuthenticatedUser().AddRequirements(new SpidScopeRequirement(scopes, isAnyEnough: true));
    }
}
