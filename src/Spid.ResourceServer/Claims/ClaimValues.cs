using System.Security.Claims;
using System.Text.Json;

namespace Spid.ResourceServer.Claims;

/// <summary>Reads single values. A value of a wrong type is a fault; <c>null</c> is as good as absent.</summary>
internal static class ClaimValues
{
    private const double LastSecond = 253_402_300_799;
    private const double FirstSecond = -62_135_596_800;

    public static string? GetText(JsonElement root, string name) => Find(root, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => Text(value, name),
        _ => throw new ClaimFaultException($"{name} is no text"),
    };

    /// <summary>Reads what may be one text or several (RFC 7519 section 4.1.3).</summary>
    public static string[] GetTexts(JsonElement root, string name) => Find(root, name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } value => [Text(value, name)],
        { ValueKind: JsonValueKind.Array } value => [.. value.EnumerateArray().Select(entry => Text(entry, name))],
        _ => throw new ClaimFaultException($"{name} is neither a text nor a list of texts"),
    };

    /// <summary>Reads scopes: SPiD sends one text with spaces between them (RFC 6749 section 3.3), others a list.</summary>
    public static string[] GetScopes(JsonElement root) =>
        [.. GetTexts(root, "scope").SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal)];

    /// <summary>Reads a NumericDate (RFC 7519 section 2), which may have a fraction; what no calendar has is a fault and no far future.</summary>
    public static DateTimeOffset? GetTime(JsonElement root, string name)
    {
        if (Find(root, name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds) && Math.Floor(seconds) is >= FirstSecond and <= LastSecond and var whole
            ? DateTimeOffset.FromUnixTimeSeconds((long)whole)
            : throw new ClaimFaultException($"{name} is no time");
    }

    /// <summary>Gives every claim for a principal: under its own name, one for each value, whether local or remote. What SPiD adds about the answer itself is left out.</summary>
    public static IEnumerable<ClaimValue> All(JsonElement root, string[] scopes)
    {
        foreach (JsonProperty property in root.EnumerateObject())
        {
            string name = Name(property);
            if (name is "active" or "now")
            {
                continue;
            }

            IEnumerable<ClaimValue?> values = (name, property.Value.ValueKind) switch
            {
                ("scope", _) => scopes.Select(scope => (ClaimValue?)new ClaimValue(name, scope, ClaimValueTypes.String)),
                (_, JsonValueKind.Array) => property.Value.EnumerateArray().Select(entry => Value(name, entry)),
                _ => [Value(name, property.Value)],
            };
            foreach (ClaimValue value in values.OfType<ClaimValue>())
            {
                yield return value;
            }
        }
    }

    private static JsonElement? Find(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static ClaimValue? Value(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new ClaimValue(name, Text(value, name), ClaimValueTypes.String),
        JsonValueKind.Number => new ClaimValue(name, value.GetRawText(), value.TryGetInt64(out _) ? ClaimValueTypes.Integer64 : ClaimValueTypes.Double),
        JsonValueKind.True => new ClaimValue(name, "true", ClaimValueTypes.Boolean),
        JsonValueKind.False => new ClaimValue(name, "false", ClaimValueTypes.Boolean),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => new ClaimValue(name, value.GetRawText(), "JSON"),
    };

    private static string Text(JsonElement value, string name)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new ClaimFaultException($"{name} is no text");
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8, or a lone surrogate, pass the parser and fail only here.
            throw new ClaimFaultException($"{name} is no text");
        }
    }

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw new ClaimFaultException("a claim has a name that is no text");
        }
    }
}
