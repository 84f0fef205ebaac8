namespace Spid.Wire;

/// <summary>What is wrong with the addresses of single endpoints, which take the place of SPiD's paths below the base URL.</summary>
internal static class EndpointRules
{
    public static IEnumerable<string> FindErrors(bool allowPlainHttp, params IEnumerable<(string Option, Uri? Endpoint)> endpoints) => endpoints
        .Select(entry => entry.Endpoint is null ? null : FindError(entry.Option, entry.Endpoint, allowPlainHttp))
        .OfType<string>();

    private static string? FindError(string option, Uri endpoint, bool allowPlainHttp)
    {
        if (!AddressRules.IsWebAddress(endpoint))
        {
            return $"{option} is not an absolute https URL: write the whole address of the endpoint, such as https://spid.example.com/connect/token.";
        }

        // RFC 6749 section 3.2: an endpoint may have a query, but no fragment.
        return endpoint.UserInfo.Length > 0 || endpoint.Fragment.Length > 0
            ? $"{option} has user info or a fragment: write the address without them."
            : AddressRules.FindHostError(option, endpoint, allowPlainHttp);
    }
}
