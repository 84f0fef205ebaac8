using System.Globalization;
using System.Text.Json;

namespace Spid.Wire;

/// <summary>Reads JSON from an untrusted source: bounded depth, no duplicate members, and every value of a wrong type is simply absent.</summary>
internal static class JsonBody
{
    /// <summary>The longest time that is told apart: it takes any sensible lifetime and any Unix time, and overflows no clock.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(1000 * 365.25);

    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = 16,
        AllowDuplicateProperties = false,

        // A sample in SPiD's own documentation ends its object with a comma.
        AllowTrailingCommas = true,
    };

    public static JsonDocument? TryParse(ReadOnlyMemory<byte> body) => TryParse(body, Options);

    /// <summary>Parses by other rules than these, for a document whose parts are read one by one.</summary>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> body, JsonDocumentOptions options)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        if (body.Span.StartsWith(byteOrderMark))
        {
            body = body[byteOrderMark.Length..];
        }

        try
        {
            return JsonDocument.Parse(body, options);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The search for duplicates unescapes every name, and a lone surrogate in one is no JsonException.
            return null;
        }
    }

    public static string? GetString(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? AsString(value) : null;

    public static string? GetString(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out JsonElement value) ? AsString(value) : null;

    /// <summary>Reads a number of seconds, whole, fractional or as text; what lies beyond a thousand years is cut to that.</summary>
    public static TimeSpan? GetSeconds(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        string? text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : AsString(value);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && !double.IsNaN(seconds)
            ? TimeSpan.FromSeconds(Math.Clamp(Math.Floor(seconds), -LongestTime.TotalSeconds, LongestTime.TotalSeconds))
            : null;
    }

    private static string? AsString(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8, or a lone surrogate, pass the parser and fail only here.
            return null;
        }
    }
}
