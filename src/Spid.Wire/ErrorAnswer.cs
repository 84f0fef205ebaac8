using System.Text.Json;

namespace Spid.Wire;

/// <summary>
/// What can be learnt from an error body. SPiD sends at least five shapes: flat, nested, inside a container, RFC 6749, and
/// not JSON at all. Reading never fails; what is not understood is left out, and descriptions are not read, for they may echo secrets.
/// </summary>
internal readonly record struct ErrorAnswer(string? Code, TimeSpan? Reset)
{
    public static ErrorAnswer Read(ReadOnlyMemory<byte> body)
    {
        using JsonDocument? document = JsonBody.TryParse(body);
        return document?.RootElement is { ValueKind: JsonValueKind.Object } root
            ? new ErrorAnswer(ReadCode(root), ReadReset(root))
            : default;
    }

    private static string? ReadCode(JsonElement root)
    {
        if (!root.TryGetProperty("error", out JsonElement error))
        {
            return null;
        }

        // The nested shape names the code "type": {"error":{"code":429,"type":"too_many_requests","description":...}}.
        return error.ValueKind == JsonValueKind.Object
            ? OAuthErrors.Known(JsonBody.GetString(error, "type"))
            : OAuthErrors.Known(JsonBody.GetString(root, "error"));
    }

    /// <summary>SPiD's container says in how many seconds the rate limit is reset; clients without a limit get zero or less.</summary>
    private static TimeSpan? ReadReset(JsonElement root) =>
        root.TryGetProperty("request", out JsonElement request)
        && request.ValueKind == JsonValueKind.Object
        && JsonBody.GetSeconds(request, "reset") is { } reset
        && reset > TimeSpan.Zero
            ? reset
            : null;
}
