using Spid.Client;

namespace Spid.Wire;

/// <summary>What is wrong with the choice of a SPiD installation, in words that name the option and the cure.</summary>
internal static class AuthorityRules
{
    /// <summary>Paths at the end of addresses that are often pasted in place of the base URL.</summary>
    private static readonly string[] EndpointPaths =
    [
        "/oauth/token", "/oauth/register", "/oauth/introspect", "/oauth/jwks", "/oauth/authorize",
        "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server",
    ];

    public static IEnumerable<string> FindErrors(SpidEnvironment? environment, Uri? authority, bool allowPlainHttp)
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
        else if (authority is not null && FindError(authority, allowPlainHttp) is { } error)
        {
            yield return error;
        }
    }

    private static string? FindError(Uri authority, bool allowPlainHttp)
    {
        if (!AddressRules.IsWebAddress(authority))
        {
            return "Authority is not an https URL: set it to a base URL such as https://identity-pre.schibsted.com.";
        }

        if (AddressRules.FindHostError("Authority", authority, allowPlainHttp) is { } error)
        {
            return error;
        }

        if (authority.UserInfo.Length > 0 || authority.Query.Length > 0 || authority.Fragment.Length > 0)
        {
            return "Authority has user info, a query or a fragment: write the base URL alone.";
        }

        string path = authority.AbsolutePath.TrimEnd('/');
        return Array.Find(EndpointPaths, endpoint => path.EndsWith(endpoint, StringComparison.OrdinalIgnoreCase)) is { } pasted
            ? $"Authority ends with {pasted}: write the base URL before that, to which the paths of endpoints are appended."
            : null;
    }
}
