using System.Buffers.Text;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Spid.ResourceServer.Keys;

/// <summary>
/// Reads a key set (RFC 7517 section 5). Each key is parsed by itself, so that one that is malformed spoils no other. A key that cannot be used is left
/// out; a set without a usable one is none.
/// </summary>
internal sealed class JwksReader(IReadOnlySet<string> algorithms)
{
    public const int MaximumSize = 256 * 1024;

    private const int MaximumKeys = 64;
    private const int MaximumKeyId = 256;

    /// <summary>Only finds the keys: what is in them is for the strict rules of <see cref="JsonBody"/>. No set is nested deeper than it is long.</summary>
    private static readonly JsonDocumentOptions Envelope = new() { MaxDepth = MaximumSize, AllowDuplicateProperties = true, AllowTrailingCommas = true };

    public JwksAnswer? Read(ReadOnlyMemory<byte> body, out string? fault)
    {
        using JsonDocument? document = JsonBody.TryParse(body, Envelope);
        if (FindList(document) is not { } list)
        {
            fault = "it is no key set";
            return null;
        }

        if (list.GetArrayLength() > MaximumKeys)
        {
            fault = $"it has more than {MaximumKeys} keys";
            return null;
        }

        List<SigningKey> usable = ReadKeys(list, out int malformed);
        SigningKey?[] keysOrNone = [.. usable.GroupBy(key => key.KeyId, StringComparer.Ordinal).Select(Unite)];
        SigningKey[] keys = [.. keysOrNone.OfType<SigningKey>()];
        fault = keys.Length == 0 ? "none of its keys can be used" : null;
        return keys.Length == 0
            ? null
            : new JwksAnswer(keys, Skipped: list.GetArrayLength() - usable.Count - malformed, Ambiguous: keysOrNone.Length - keys.Length, malformed);
    }

    /// <summary>Finds the one list of keys. With two of them readers could differ on which counts.</summary>
    private static JsonElement? FindList(JsonDocument? document)
    {
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } root)
        {
            return null;
        }

        JsonElement[] lists = [.. root.EnumerateObject().Where(IsList).Select(member => member.Value)];
        return lists is [{ ValueKind: JsonValueKind.Array } list] ? list : null;
    }

    private static bool IsList(JsonProperty member)
    {
        try
        {
            return member.NameEquals("keys");
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate in the name.
            return false;
        }
    }

    /// <summary>Gives the key that entries of one id describe, as the one does that says most; <see langword="null"/> when they describe several.</summary>
    private static SigningKey? Unite(IEnumerable<SigningKey> entries)
    {
        SigningKey[] all = [.. entries];
        SigningKey key = Array.Find(all, entry => entry.Algorithm is not null) ?? all[0];
        return Array.TrueForAll(all, key.AgreesWith) ? key : null;
    }

    private List<SigningKey> ReadKeys(JsonElement list, out int malformed)
    {
        malformed = 0;
        var keys = new List<SigningKey>();
        foreach (JsonElement entry in list.EnumerateArray())
        {
            using JsonDocument? document = JsonBody.TryParse(JsonMarshal.GetRawUtf8Value(entry).ToArray());
            if (document?.RootElement is not { ValueKind: JsonValueKind.Object } members)
            {
                malformed++;
            }
            else if (TryRead(members) is { } key)
            {
                keys.Add(key);
            }
        }

        return keys;
    }

    private SigningKey? TryRead(JsonElement entry)
    {
        try
        {
            return Read(entry);
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8, or a lone surrogate, pass the parser and fail only when they are read.
            return null;
        }
    }

    private SigningKey? Read(JsonElement entry)
    {
        if (JsonBody.GetString(entry, "kty") != "RSA"
            || JsonBody.GetString(entry, "kid") is not { Length: > 0 and <= MaximumKeyId } keyId
            || !Allows(entry, "use", use => use == "sig")
            || !Allows(entry, "alg", algorithms.Contains)
            || !AllowsVerifying(entry)
            || !TryReadNumber(entry, "n", out byte[] modulus)
            || !TryReadNumber(entry, "e", out byte[] exponent)
            || !IsStrong(modulus, exponent))
        {
            return null;
        }

        var material = new RsaSecurityKey(new RSAParameters { Modulus = modulus, Exponent = exponent }) { KeyId = keyId };
        return new SigningKey(keyId, JsonBody.GetString(entry, "alg"), material);
    }

    /// <summary>A member that is absent allows everything, one of a wrong type nothing.</summary>
    private static bool Allows(JsonElement entry, string name, Func<string, bool> isAllowed) =>
        !entry.TryGetProperty(name, out _) || (JsonBody.GetString(entry, name) is { } value && isAllowed(value));

    private static bool AllowsVerifying(JsonElement entry) => !entry.TryGetProperty("key_ops", out JsonElement operations)
        || (operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(operation => operation.ValueKind == JsonValueKind.String && operation.ValueEquals("verify")));

    private static bool TryReadNumber(JsonElement entry, string name, out byte[] number)
    {
        number = [];
        string? text = JsonBody.GetString(entry, name);
        if (string.IsNullOrEmpty(text) || text.AsSpan().ContainsAny('=', ' ', '\n') || !Base64Url.IsValid(text))
        {
            return false;
        }

        // RFC 7518 section 2 wants no leading zeros, and RSA libraries choke on them.
        number = Base64Url.DecodeFromChars(text).AsSpan().TrimStart((byte)0).ToArray();
        return number.Length > 0;
    }

    /// <summary>2048 to 8192 bits: a weaker key can be broken, a larger one makes each forged token dear. The exponent is odd, above 2 and short.</summary>
    private static bool IsStrong(byte[] modulus, byte[] exponent)
    {
        long bits = new BigInteger(modulus, isUnsigned: true, isBigEndian: true).GetBitLength();
        return bits is >= 2048 and <= 8192
            && (modulus[^1] & 1) == 1
            && exponent.Length <= 4
            && (exponent[^1] & 1) == 1
            && new BigInteger(exponent, isUnsigned: true, isBigEndian: true) > 2;
    }
}
