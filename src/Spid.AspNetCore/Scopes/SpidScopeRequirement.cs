using Microsoft.AspNetCore.Authorization;

namespace Spid.AspNetCore.Scopes;

/// <summary>Asks a token for scopes: for all of them, or for any.</summary>
internal sealed class SpidScopeRequirement : IAuthorizationRequirement
{
    /// <exception cref="ArgumentException">There is none, or one has characters that no scope has.</exception>
    public SpidScopeRequirement(string[] scopes, bool isAnyEnough)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        if (scopes.Length == 0)
        {
            throw new ArgumentException("Name at least one scope.", nameof(scopes));
        }

        foreach (string scope in scopes)
        {
            // RFC 6749 section 3.3. The texts end up in a header.
            if (string.IsNullOrEmpty(scope) || scope.Any(letter => letter is <= ' ' or '"' or '\\' or > '~'))
            {
                throw new ArgumentException($"'{scope}' is no scope: a scope has printable ASCII characters without spaces, quotes and backslashes. Name each scope by itself.", nameof(scopes));
            }
        }

        Scopes = [.. scopes];
        IsAnyEnough = isAnyEnough;
    }

    public string[] Scopes { get; }

    public bool IsAnyEnough { get; }

    public bool IsMetBy(IReadOnlySet<string> granted)
    {
        foreach (string scope in Scopes)
        {
            if (granted.Contains(scope) == IsAnyEnough)
            {
                return IsAnyEnough;
            }
        }

        return !IsAnyEnough;
    }

    /// <summary>Says what was asked for, in the log of the authorization middleware.</summary>
    public override string ToString() => $"SPiD scope: {(IsAnyEnough ? "any" : "all")} of {string.Join(' ', Scopes)}";
}
