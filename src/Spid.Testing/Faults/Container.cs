using System.Text.Json.Nodes;
using Spid.Testing.Transport;

namespace Spid.Testing.Faults;

/// <summary>The envelope of the platform API.</summary>
internal static class Container
{
    /// <summary>What captured containers show for clients without a limit: a remainder below zero.</summary>
    public static JsonObject Unlimited => Limit(0, 0, -1);

    public static JsonObject Limit(long resetSeconds, int limit, int remaining) => new()
    {
        ["reset"] = resetSeconds,
        ["limit"] = limit,
        ["remaining"] = remaining,
    };

    public static Reply Element(string objectName, JsonObject data) =>
        Reply.Json(200, Create(200, "element", objectName, Unlimited, error: null, data));

    public static Reply Failed(int status, JsonObject error, JsonObject limit) =>
        Reply.Json(status, Create(status, "error", objectName: null, limit, error, data: null));

    public static Reply RateLimited(long resetSeconds, int limit, int remaining) =>
        Failed(420, ErrorReplies.Nested(420, "ApiException", "Request Ratelimit exceeded"), Limit(resetSeconds, limit, remaining));

    private static JsonObject Create(int status, string type, string? objectName, JsonObject limit, JsonObject? error, JsonObject? data) => new()
    {
        ["name"] = "SPP Container",
        ["version"] = "0.2",
        ["api"] = 2,
        ["object"] = objectName,
        ["type"] = type,
        ["code"] = status,
        ["request"] = limit,
        ["debug"] = null,
        ["meta"] = null,
        ["error"] = error,
        ["data"] = data,
    };
}
