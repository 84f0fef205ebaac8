using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Spid.Testing.Transport;

namespace Spid.Testing.Faults;

/// <summary>Writes the error bodies, for the endpoints as for the faults.</summary>
internal static class ErrorReplies
{
    private const string Exception = "OAuthException";

    public static Reply Create(SpidErrorBody body, int status, string error, string description) => body switch
    {
        SpidErrorBody.OAuth => Reply.Json(status, new JsonObject { ["error"] = error, ["error_description"] = description }),
        SpidErrorBody.Flat => Reply.Json(status, Flat(error, $"{status} {ReasonPhrases.GetReasonPhrase(status)}")),
        SpidErrorBody.FlatToken => Reply.Json(status, FlatToken(status, error, description)),
        SpidErrorBody.FlatTextCode => Reply.Json(status, Flat(error, $"{status}")),
        SpidErrorBody.Nested => Reply.Json(status, new JsonObject { ["error"] = Nested(status, error, description) }),
        SpidErrorBody.NestedFields => Reply.Json(status, new JsonObject { ["error"] = Nested(status, error, new JsonObject { ["field"] = description }) }),
        SpidErrorBody.Container => Container.Failed(status, Nested(status, error, description), Container.Unlimited),
        SpidErrorBody.Html => Reply.Text(status, "text/html; charset=utf-8", $"<!doctype html><html><body><h1>{status}</h1><p>Something went wrong</p></body></html>"),
        SpidErrorBody.PlainText => Reply.Text(status, "text/plain; charset=utf-8", "Something went wrong"),
        SpidErrorBody.Empty => Reply.Empty(status),
        _ => throw new ArgumentOutOfRangeException(nameof(body), body, "The error body is not known."),
    };

    public static JsonObject Nested(int status, string type, JsonNode description) => new()
    {
        ["code"] = status,
        ["type"] = type,
        ["description"] = description,
    };

    private static JsonObject Flat(string error, JsonNode code) => new()
    {
        ["error"] = error,
        ["error_code"] = code,
        ["type"] = Exception,
    };

    private static JsonObject FlatToken(int status, string error, string description)
    {
        var body = Flat(error, status);
        body["error_description"] = $"\"{description}\" realm=\"spid.no\" scope=\"\"";
        return body;
    }
}
