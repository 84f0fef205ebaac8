using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Spid.AspNetCore.Authentication;
using Spid.AspNetCore.Diagnostics;

namespace Spid.AspNetCore.Scopes;

/// <summary>
/// Notes for each authorization decision which scopes the token lacks, so that a 403 names those of the decision that it answers, which is the last
/// one: every decision ends here, of an endpoint's policy as well as of <see cref="IAuthorizationService"/>, whatever its resource is.
/// </summary>
internal sealed class ScopeDecisionEvaluator(IAuthorizationEvaluator application, SpidBearerSchemes schemes, IHttpContextAccessor accessor, ILogger logger) : IAuthorizationEvaluator
{
    private const int MaximumLength = 256;

    public AuthorizationResult Evaluate(AuthorizationHandlerContext context)
    {
        AuthorizationResult result = application.Evaluate(context);
        if ((context.Resource as HttpContext ?? accessor.HttpContext) is { } http && SpidBearerFeature.Find(http) is { } feature)
        {
            feature.MissingScopes = result.Succeeded ? [] : FindMissing(context);
        }

        return result;
    }

    /// <summary>Lists what the tokens of the caller have. A scope of SPiD is printable; one that another server made may not be.</summary>
    private static string Describe(IReadOnlySet<string>[] granted)
    {
        string scopes = string.Join(' ', granted.SelectMany(scopes => scopes).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return scopes.Length == 0 ? "none" : new([.. scopes.Take(MaximumLength).Select(letter => char.IsControl(letter) ? '?' : letter)]);
    }

    /// <summary>
    /// Gives the scopes of the requirements that were not met. A caller without a token of SPiD lacks more than scopes, and a requirement that no handler has
    /// looked at, because another one ended the decision, may be met.
    /// </summary>
    private IReadOnlyCollection<string> FindMissing(AuthorizationHandlerContext context)
    {
        IReadOnlySet<string>[] granted = [.. context.User.Identities.Select(identity => GrantedScopes.Find(identity, schemes)).OfType<IReadOnlySet<string>>()];
        if (granted.Length == 0)
        {
            return [];
        }

        SpidScopeRequirement[] missing = [.. context.PendingRequirements.OfType<SpidScopeRequirement>().Where(requirement => !granted.Any(requirement.IsMetBy))];
        if (missing.Length > 0 && logger.IsEnabled(LogLevel.Debug))
        {
            Log.ScopeMissing(logger, string.Join(", ", missing.Select(requirement => requirement.ToString())), Describe(granted));
        }

        return [.. missing.SelectMany(requirement => requirement.Scopes).Distinct(StringComparer.Ordinal)];
    }
}
