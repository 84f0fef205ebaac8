using System.Text.Json;

namespace Spid.ResourceServer.Claims;

/// <summary>Tells access tokens from ID and refresh tokens. SPiD signs all with the same key, for the same issuer, and some for the same audience.</summary>
internal static class TokenClass
{
    public static bool IsAccessToken(JsonElement root) =>
        !Has(root, "nonce") && !Has(root, "at_hash") && !Has(root, "c_hash")
        && (Has(root, "scope") || Has(root, "client_id"))
        && (ClaimValues.GetText(root, "class")?.Contains("AccessToken", StringComparison.Ordinal) ?? true)
        && (ClaimValues.GetText(root, "type") is null or "access")
        && !IsOfAnotherType(ClaimValues.GetText(root, "token_type"));

    /// <summary>A user's token names a user id, or a subject other than its client.</summary>
    public static bool IsUserToken(JsonElement root, string? subject, string? client) =>
        (root.TryGetProperty("user_id", out JsonElement user) && (user.ValueKind == JsonValueKind.Number || (user.ValueKind == JsonValueKind.String && !user.ValueEquals(""))))
        || (subject is not null && subject != client);

    /// <summary>Introspection says <c>Bearer</c> or <c>access_token</c> of what may be used.</summary>
    private static bool IsOfAnotherType(string? tokenType) =>
        string.Equals(tokenType, "refresh_token", StringComparison.OrdinalIgnoreCase) || string.Equals(tokenType, "id_token", StringComparison.OrdinalIgnoreCase);

    private static bool Has(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;
}
