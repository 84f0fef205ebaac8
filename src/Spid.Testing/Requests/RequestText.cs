using System.Text;

namespace Spid.Testing.Requests;

/// <summary>Describes a request for a test's failure message, which may end up in a public build log.</summary>
internal static class RequestText
{
    private const string Redacted = "[redacted]";

    public static string Describe(SpidRequest request)
    {
        var text = new StringBuilder();
        text.Append(request.Method).Append(' ').Append(PathOf(request));
        text.Append(" -> ").Append(request.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no answer");
        if (request.Header("Authorization") is { } authorization)
        {
            var scheme = authorization.IndexOf(' ', StringComparison.Ordinal);
            text.Append("; Authorization: ").Append(scheme > 0 ? authorization[..scheme] + " " : "").Append(Redacted);
        }

        foreach (var (name, value) in request.Form)
        {
            text.Append("; ").Append(name).Append('=').Append(IsPublic(name) ? value : Redacted);
        }

        return text.ToString();
    }

    private static string PathOf(SpidRequest request) =>
        request.Endpoint is SpidEndpoint.TokenStatus ? $"/api/2/token/{Redacted}/authentication" : request.Path;

    // Named one by one, so that a secret under a new or misspelt name stays out.
    private static bool IsPublic(string name) =>
        name is "grant_type" or "scope" or "resource" or "client_id" or "token_type_hint" or "redirect_uri" or "state";
}
