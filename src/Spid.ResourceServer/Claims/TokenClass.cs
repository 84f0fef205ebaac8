using System.Text.Json;

namespace Spid.ResourceServer.Claims;

/// <summary>Tells access tokens from ID and refresh tokens. SPiD signs all with the same key, for the same issuer, and some for the same audience.</summary>
internal static class TokenClass
{
    /// <summary>Of a JWT: ID tokens that carry no other sign name neither scopes nor a client.</summary>
    public static bool IsAccessToken(JsonElement payload) => MayBeAccessToken(payload) && (Has(payload, "scope"u8) || Has(payload, "client_id"u8));

    /// <summary>Of an introspection answer, in which everything but <c>active</c> is optional (RFC 7662 section 2.2): says nothing to the contrary.</summary>
    public static bool MayBeAccessToken(JsonElement root) =>
        !Has(root, "nonce"u8) && !Has(root, "at_hash"u8) && !Has(root, "c_hash"u8)
        && (ClaimValues.GetText(root, "class"u8)?.Contains("AccessToken", StringComparison.Ordinal) ?? true)
        && IsAccessType(ClaimValues.GetText(root, "type"u8))
        && !IsOfAnotherType(ClaimValues.GetText(root, "token_type"u8));

    /// <summary>A user's token names a user id, or a subject other than its client.</summary>
    public static bool IsUserToken(JsonElement root, string? subject, string? client) =>
        (root.TryGetProperty("user_id"u8, out JsonElement user) && (user.ValueKind == JsonValueKind.Number || (user.ValueKind == JsonValueKind.String && !user.ValueEquals(""u8))))
        || (subject is not null && subject != client);

    /// <summary>SPiD's tokens say <c>access</c>, those of other servers <c>access_token</c>.</summary>
    private static bool IsAccessType(string? type) =>
        type is null || string.Equals(type, "access", StringComparison.OrdinalIgnoreCase) || string.Equals(type, "access_token", StringComparison.OrdinalIgnoreCase);

    /// <summary>Introspection says <c>Bearer</c> or <c>access_token</c> of what may be used.</summary>
    private static bool IsOfAnotherType(string? tokenType) =>
        string.Equals(tokenType, "refresh_token", StringComparison.OrdinalIgnoreCase) || string.Equals(tokenType, "id_token", StringComparison.OrdinalIgnoreCase);

    private static bool Has(JsonElement root, ReadOnlySpan<byte> name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;
}
