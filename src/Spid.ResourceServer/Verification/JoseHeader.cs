using System.Text.Json;

namespace Spid.ResourceServer.Verification;

/// <summary>What the header of a JWT says (RFC 7515 section 4.1). Keys and addresses of keys in it (<c>jwk</c>, <c>jku</c>, <c>x5c</c>, <c>x5u</c>) are never looked at.</summary>
/// <param name="Algorithm">The algorithm it claims to be signed with.</param>
/// <param name="KeyId">The key it claims to be signed with, if it says.</param>
/// <param name="IsSupported">Whether it asks for nothing that is not supported.</param>
/// <param name="IsOfAccessTokenType">Whether its type is one that access tokens have.</param>
internal sealed record JoseHeader(string Algorithm, string? KeyId, bool IsSupported, bool IsOfAccessTokenType)
{
    /// <summary>SPiD's tokens say JWT, JWS or nothing; RFC 9068 section 2.1 has the other two.</summary>
    private static readonly HashSet<string> AccessTokenTypes = new(StringComparer.OrdinalIgnoreCase) { "JWT", "JWS", "at+jwt", "application/at+jwt" };

    /// <summary>Gets a value indicating whether it says that the token has no signature (RFC 7519 section 6), in whatever case.</summary>
    public bool IsUnsecured => Algorithm.Equals("none", StringComparison.OrdinalIgnoreCase);

    /// <summary>Gives <see langword="null"/> for a header without an algorithm.</summary>
    public static JoseHeader? TryRead(JsonElement header) => TryGetText(header, "alg"u8, out string? algorithm) && algorithm is not null
        ? new JoseHeader(
            algorithm,
            TryGetText(header, "kid"u8, out string? keyId) ? keyId : null,
            IsSupported: Supports(header),
            IsOfAccessTokenType: TryGetText(header, "typ"u8, out string? type) && (type is null || AccessTokenTypes.Contains(type)))
        : null;

    /// <summary>
    /// An unknown critical member makes a token invalid (RFC 7515 section 4.1.11), and none is known here; with <c>b64</c> (RFC 7797) the
    /// signed text is another; <c>zip</c> is for encryption; a key id that is no text names no key.
    /// </summary>
    private static bool Supports(JsonElement header) =>
        !header.TryGetProperty("crit"u8, out _)
        && !header.TryGetProperty("b64"u8, out _)
        && !header.TryGetProperty("zip"u8, out _)
        && !header.TryGetProperty("enc"u8, out _)
        && TryGetText(header, "kid"u8, out _);

    /// <summary>Fails for a value that is no text; an absent one is <see langword="null"/>.</summary>
    private static bool TryGetText(JsonElement header, ReadOnlySpan<byte> name, out string? text)
    {
        text = null;
        if (!header.TryGetProperty(name, out JsonElement value))
        {
            return true;
        }

        try
        {
            text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            return text is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
