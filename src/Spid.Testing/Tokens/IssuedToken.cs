using System.Text.Json.Nodes;

namespace Spid.Testing.Tokens;

/// <summary>What the server remembers of a token until it expires or is revoked.</summary>
internal sealed record IssuedToken(string Value, SpidTokenKind Kind, string ClientId, DateTimeOffset ExpiresAt, JsonObject Claims)
{
    public bool IsAccessToken => Kind is not (SpidTokenKind.IdToken or SpidTokenKind.IdToken2024 or SpidTokenKind.RefreshHs256 or SpidTokenKind.Refresh2024);

    public string? Scope => Claims["scope"] is JsonValue value && value.TryGetValue(out string? scope) ? scope : null;

    public IEnumerable<string> Audience => Claims["aud"] switch
    {
        JsonArray many => many.OfType<JsonValue>().Select(one => one.ToString()),
        JsonValue one => [one.ToString()],
        _ => [],
    };

    public bool HasScope(string scope) => Scope?.Split(' ').Contains(scope, StringComparer.Ordinal) ?? false;

    public override string ToString() => $"{nameof(IssuedToken)} {Kind} of {ClientId}";
}
