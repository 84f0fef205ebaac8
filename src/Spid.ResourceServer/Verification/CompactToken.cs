using System.Buffers.Text;
using System.Text.Json;
using Spid.ResourceServer.Claims;

namespace Spid.ResourceServer.Verification;

/// <summary>A token taken apart as a JWT in compact form (RFC 7519 section 3); nothing in it is verified.</summary>
/// <param name="Text">The whole token.</param>
/// <param name="Header">What the header says.</param>
/// <param name="PayloadStart">Where the payload begins.</param>
/// <param name="PayloadLength">How long it is.</param>
internal sealed record CompactToken(string Text, JoseHeader Header, int PayloadStart, int PayloadLength)
{
    private const int MaximumHeader = 4 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Says whether it has five parts, as encrypted tokens do (RFC 7516 section 3.1).</summary>
    public static bool IsEncrypted(ReadOnlySpan<char> token) => token.Count('.') == 4;

    /// <summary>
    /// Gives <see langword="null"/> for what is no JWT: not three parts of base64url, of which the signature may be empty, or a header that is no JSON object
    /// with an algorithm.
    /// </summary>
    public static CompactToken? TryParse(ReadOnlyMemory<char> token)
    {
        ReadOnlySpan<char> text = token.Span;
        int first = text.IndexOf('.');
        int second = text.LastIndexOf('.');
        if (second <= first)
        {
            return null;
        }

        // A third dot is no letter of base64url, so it is found here too.
        ReadOnlySpan<char> header = text[..first];
        return header.Length <= Base64Url.GetEncodedLength(MaximumHeader)
            && Base64UrlText.IsCanonical(header)
            && Base64UrlText.IsCanonical(text[(first + 1)..second])
            && (second + 1 == text.Length || Base64UrlText.IsCanonical(text[(second + 1)..]))
            && Read(header, JoseHeader.TryRead) is { } read
                ? new CompactToken(token.ToString(), read, first + 1, second - first - 1)
                : null;
    }

    /// <summary>Gives the payload, or <see langword="null"/> when it is no JSON object.</summary>
    public JsonElement? ReadPayload() => Read<JsonElement?>(Payload, static payload => payload.Clone());

    /// <summary>Gives what it says of itself, or <see langword="null"/> when that cannot be read.</summary>
    public OwnClaims? ReadOwnClaims() => Read(Payload, OwnClaims.Read);

    /// <summary>A record would print the token.</summary>
    public override string ToString() => $"JWT ({Text.Length} characters)";

    /// <summary>Gets a value indicating whether the part after the last dot is not empty.</summary>
    public bool HasSignature => PayloadStart + PayloadLength + 1 < Text.Length;

    private ReadOnlySpan<char> Payload => Text.AsSpan(PayloadStart, PayloadLength);

    /// <summary>Reads a part while the memory that it was parsed into is lent; a copy costs as much as the parsing.</summary>
    private static T? Read<T>(ReadOnlySpan<char> part, Func<JsonElement, T?> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Base64UrlText.Decode(part), Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : default;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The search for duplicates unescapes every name, and a lone surrogate in one is no JsonException.
            return default;
        }
    }
}
