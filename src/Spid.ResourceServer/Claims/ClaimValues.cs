using System.Security.Claims;
using System.Text;
using System.Text.Json;

namespace Spid.ResourceServer.Claims;

/// <summary>Reads single values. A value of a wrong type is a fault; <c>null</c> is as good as absent. How many there are is limited by the length of the token or answer only.</summary>
internal static class ClaimValues
{
    private const double LastSecond = 253_402_300_799;
    private const double FirstSecond = -62_135_596_800;

    /// <summary>What SPiD's tokens and answers name their claims, so that not every token brings the same texts once more.</summary>
    private static readonly JsonEncodedText[] UsualNames =
    [
        .. new[] { "iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "azp", "scope", "class", "type", "token_type" }.Select(name => JsonEncodedText.Encode(name)),
    ];

    public static string? GetText(JsonElement root, ReadOnlySpan<byte> name) => Find(root, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw new ClaimFaultException($"{Encoding.UTF8.GetString(name)} is no text"),
    };

    /// <summary>Reads what may be one text or several (RFC 7519 section 4.1.3).</summary>
    public static string[] GetTexts(JsonElement root, string name) => Find(root, Encoding.UTF8.GetBytes(name)) switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } value => [Text(value, name)],
        { ValueKind: JsonValueKind.Array } value => [.. value.EnumerateArray().Select(entry => Text(entry, name))],
        _ => throw new ClaimFaultException($"{name} is neither a text nor a list of texts"),
    };

    /// <summary>Reads scopes, each once: SPiD sends one text with spaces between them (RFC 6749 section 3.3), others a list.</summary>
    public static string[] GetScopes(JsonElement root)
    {
        string[] texts = GetTexts(root, "scope");
        if (texts.Length == 0)
        {
            return texts;
        }

        var scopes = new HashSet<string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            scopes.UnionWith(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return [.. scopes];
    }

    /// <summary>Reads a NumericDate (RFC 7519 section 2), which may have a fraction; what no calendar has is a fault and no far future.</summary>
    public static DateTimeOffset? GetTime(JsonElement root, ReadOnlySpan<byte> name)
    {
        if (Find(root, name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds) && Math.Floor(seconds) is >= FirstSecond and <= LastSecond and var whole
            ? DateTimeOffset.FromUnixTimeSeconds((long)whole)
            : throw new ClaimFaultException($"{Encoding.UTF8.GetString(name)} is no time");
    }

    /// <summary>Reads a time that is not needed; <see langword="null"/> when it is absent or has a wrong type.</summary>
    public static DateTimeOffset? TryGetTime(JsonElement root, ReadOnlySpan<byte> name)
    {
        try
        {
            return GetTime(root, name);
        }
        catch (ClaimFaultException)
        {
            return null;
        }
    }

    /// <summary>Gives every claim for a principal: under its own name, one for each value, whether local or remote. What SPiD adds about the answer itself is left out.</summary>
    public static ClaimValue[] GetAll(JsonElement root, string[] scopes)
    {
        var values = new List<ClaimValue>(root.GetPropertyCount() + scopes.Length);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            string name = NameOf(property);
            if (name == "scope")
            {
                values.AddRange(scopes.Select(scope => new ClaimValue(name, scope, ClaimValueTypes.String)));
            }
            else if (property.Value.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement entry in property.Value.EnumerateArray())
                {
                    Add(values, name, entry);
                }
            }
            else if (name is not ("active" or "now"))
            {
                Add(values, name, property.Value);
            }
        }

        return [.. values];
    }

    private static string NameOf(JsonProperty property)
    {
        foreach (JsonEncodedText name in UsualNames)
        {
            if (property.NameEquals(name.EncodedUtf8Bytes))
            {
                return name.Value;
            }
        }

        return property.Name;
    }

    private static JsonElement? Find(JsonElement root, ReadOnlySpan<byte> name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static void Add(List<ClaimValue> values, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                break;

            case JsonValueKind.String:
                values.Add(new ClaimValue(name, Text(value, name), ClaimValueTypes.String));
                break;

            case JsonValueKind.Number:
                values.Add(new ClaimValue(name, value.GetRawText(), value.TryGetInt64(out _) ? ClaimValueTypes.Integer64 : ClaimValueTypes.Double));
                break;

            case JsonValueKind.True or JsonValueKind.False:
                values.Add(new ClaimValue(name, value.ValueKind == JsonValueKind.True ? "true" : "false", ClaimValueTypes.Boolean));
                break;

            default:
                values.Add(new ClaimValue(name, value.GetRawText(), "JSON"));
                break;
        }
    }

    private static string Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new ClaimFaultException($"{name} is no text");
}
