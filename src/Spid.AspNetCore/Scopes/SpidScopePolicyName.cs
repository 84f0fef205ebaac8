namespace Spid.AspNetCore.Scopes;

/// <summary>
/// The name of the policy that an attribute stands for. Not everything that reads attributes asks them for requirements, but everything
/// asks for a name, and a policy provider that does not know the name denies access.
/// </summary>
/// <param name="Requirement">The scopes.</param>
/// <param name="Other">The policy that applies beside them: <see langword="null"/> for the default one, empty for none.</param>
internal sealed record SpidScopePolicyName(SpidScopeRequirement Requirement, string? Other)
{
    private const string AllOf = "SPiD scope: all of ";
    private const string AnyOf = "SPiD scope: any of ";

    /// <summary>As for other attributes, the default policy applies where neither another policy nor roles are named.</summary>
    public static string Of(SpidScopeRequirement requirement, string? policy, string? roles)
    {
        string? other = !string.IsNullOrWhiteSpace(policy) ? policy : roles is null ? null : "";
        return new SpidScopePolicyName(requirement, other).ToString();
    }

    public static SpidScopePolicyName? Parse(string name)
    {
        bool isAnyEnough = name.StartsWith(AnyOf, StringComparison.Ordinal);
        if (!isAnyEnough && !name.StartsWith(AllOf, StringComparison.Ordinal))
        {
            return null;
        }

        // No scope has a quote in it.
        string[] parts = name[AllOf.Length..].Split('"', 2);
        return new SpidScopePolicyName(new SpidScopeRequirement(parts[0].Split(' '), isAnyEnough), parts.ElementAtOrDefault(1));
    }

    public override string ToString() =>
        $"{(Requirement.IsAnyEnough ? AnyOf : AllOf)}{string.Join(' ', Requirement.Scopes)}{(Other is null ? null : "\"" + Other)}";
}
