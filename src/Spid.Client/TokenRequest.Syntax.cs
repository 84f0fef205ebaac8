using System.Buffers;

namespace Spid.Client;

/// <content>The forms that the RFCs demand of scopes, resource indicators and parameter names.</content>
public sealed partial class TokenRequest
{
    /// <summary>RFC 6749 section 3.3: printable ASCII but for the quotation mark and the backslash; the space separates.</summary>
    private static readonly SearchValues<char> ScopeCharacters = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(value => (char)value).Where(value => value is not ('"' or '\\'))]);

    /// <summary>Fields that the library writes itself; RFC 6749 section 3.2 forbids sending one twice.</summary>
    private static readonly HashSet<string> ReservedParameters = new(StringComparer.Ordinal)
    {
        "grant_type", "client_id", "client_secret", "scope", "resource",
    };

    internal static string[] SplitScope(string? scope) => scope is null ? [] : Distinct(scope.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    internal static string? FindScopeError(string? scope) => scope is not null && scope.AsSpan().ContainsAnyExcept(ScopeCharacters)
        ? "a scope consists of printable ASCII characters without quotation mark and backslash, and scopes are separated by spaces (RFC 6749 section 3.3)"
        : null;

    internal static string? FindResourceError(string? resource)
    {
        // Uri cuts white space off, but the text is sent as it stands.
        if (!Uri.TryCreate(resource, UriKind.Absolute, out Uri? uri) || resource!.StartsWith('/') || resource.Any(char.IsWhiteSpace))
        {
            return "a resource indicator is an absolute URI such as https://service.example.com (RFC 8707 section 2)";
        }

        return uri.Fragment.Length > 0 || resource.Contains('#', StringComparison.Ordinal)
            ? "a resource indicator has no fragment (RFC 8707 section 2)"
            : null;
    }

    internal static string? FindParameterError(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return "a parameter has a name";
        }

        return ReservedParameters.Contains(name) ? $"'{name}' has an option of its own and cannot be an extra parameter" : null;
    }

    private static string[] Distinct(string[] values) => values.Length < 2 ? values : [.. values.Distinct(StringComparer.Ordinal)];

    private static void ThrowIfInvalid(string? value, string parameterName, Func<string?, string?> findError)
    {
        if (findError(value) is { } error)
        {
            throw new ArgumentException($"The request cannot be sent: {error}.", parameterName);
        }
    }
}
