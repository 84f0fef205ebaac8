using System.Text.Json;

namespace Spid.ResourceServer.Claims;

/// <summary>Tells access tokens from ID and refresh tokens. SPiD signs all with the same key, for the same issuer, and some for the same audience.</summary>
internal static class TokenClass
{
    /// <summary>Of a JWT: ID tokens that carry no other sign name neither scopes nor a client.</summary>
    public static bool IsAccessToken(JsonElement payload) => MayBeAccessToken(payload) && (Has(payload, "scope") || Has(payload, "client_id"));

    /// <summary>Of an introspection answer, in which everything but <c>active</c> is optional (RFC 7662 section 2.2): says nothing to the contrary.</summary>
    public static bool MayBeAccessToken(JsonElement root) =>
        !Has(root, "nonce") && !Has(root, "at_hash") && !Has(root, "c_hash")
        && (ClaimValues.GetText(root, "class")?.Contains("AccessToken", StringComparison.Ordinal) ?? true)
        && IsAccessType(ClaimValues.GetText(root, "type"))
        && !IsOfAnotherType(ClaimValues.GetText(root, "token_type"));

    /// <summary>A user's token names a user id, or a subject other than its client.</summary>
    public static bool IsUserToken(JsonElement root, string? subject, string? client) =>
        (root.TryGetProperty("user_id", out JsonElement user) && (user.ValueKind == JsonValueKind.Number || (user.ValueKind == JsonValueKind.String && !user.ValueEquals(""))))
        || (subject is not null && subject != client);

    /// <summary>SPiD's tokens say <c>access</c>, those of other servers <c>access_token</c>.</summary>
    private static bool IsAccessType(string? type) =>
        type is null || string.Equals(type, "access", StringComparison.OrdinalIgnoreCase) || string.Equals(type, "access_token", StringComparison.OrdinalIgnoreCase);

    /// <summary>Introspection says <c>Bearer</c> or <c>access_token</c> of what may be used.</summary>
    private static bool IsOfAnotherType(string? tokenType) =>
        string.Equals(tokenType, "refresh_token", StringComparison.OrdinalIgnoreCase) || string.Equals(tokenType, "id_token", StringComparison.OrdinalIgnoreCase);

    private static bool Has(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;
}
