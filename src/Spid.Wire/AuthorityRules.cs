using Spid.Client;

namespace Spid.Wire;

/// <summary>What is wrong with the choice of a SPiD installation, in words that name the option and the cure.</summary>
internal static class AuthorityRules
{
    public static IEnumerable<string> FindErrors(SpidEnvironment? environment, Uri? authority)
    {
        if (environment is null && authority is null)
        {
            yield return "Environment is missing: set it to International, Norway, Finland, Denmark or PreProduction, or set Authority to a base URL.";
        }
        else if (environment is not null && authority is not null)
        {
            yield return "Environment and Authority are both set: keep the one that is meant.";
        }
        else if (environment is { } named && !Enum.IsDefined(named))
        {
            yield return "Environment is unknown: set it to International, Norway, Finland, Denmark or PreProduction.";
        }
        else if (authority is not null && FindError(authority) is { } error)
        {
            yield return error;
        }
    }

    private static string? FindError(Uri authority)
    {
        if (!authority.IsAbsoluteUri || authority.Scheme is not ("https" or "http"))
        {
            return "Authority is not an https URL: set it to a base URL such as https://identity-pre.schibsted.com.";
        }

        if (authority.Scheme == "http" && !authority.IsLoopback)
        {
            return $"Authority uses http for {authority.Host}: write https. Plain http is for loopback only, because requests carry the client secret.";
        }

        if (authority.UserInfo.Length > 0 || authority.Query.Length > 0 || authority.Fragment.Length > 0)
        {
            return "Authority has user info, a query or a fragment: write the base URL alone.";
        }

        if (authority.AbsolutePath.Contains("/oauth", StringComparison.Ordinal))
        {
            return "Authority has the path of an endpoint: write the base URL alone, /oauth/token is appended.";
        }

        return Authorities.ReplacementFor(authority) is { } replacement
            ? $"Authority names {authority.Host}, which SPiD has switched off: use {replacement} instead."
            : null;
    }
}
