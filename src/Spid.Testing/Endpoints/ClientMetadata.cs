using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spid.Testing.Endpoints;

/// <summary>The body of a registration request, or the error code it deserves.</summary>
internal sealed record ClientMetadata(string Name, string Uri, string Scope, IReadOnlyList<string> RedirectUris, string? Error = null)
{
    private const string Invalid = "invalid_client_metadata";

    public static ClientMetadata Parse(byte[] body, string? scopePrefix)
    {
        if (Read(body) is not { } json || Text(json, "client_name") is not { } name || Text(json, "client_uri") is not { } uri || !IsUri(uri))
        {
            return Refused(Invalid);
        }

        var scopes = (Text(json, "scope") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (scopePrefix is not null && !scopes.All(scope => scope.StartsWith(scopePrefix, StringComparison.Ordinal)))
        {
            return Refused(Invalid);
        }

        return RedirectsOf(json) is { } redirects && redirects.TrueForAll(IsUri)
            ? new ClientMetadata(name, uri, string.Join(' ', scopes), redirects)
            : Refused("invalid_redirect_uri");
    }

    private static ClientMetadata Refused(string error) => new("", "", "", [], error);

    private static JsonObject? Read(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject json, string name) => TextOf(json[name]);

    private static string? TextOf(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;

    private static List<string>? RedirectsOf(JsonObject json) => json["redirect_uris"] switch
    {
        null => [],
        JsonArray many => [.. many.Select(one => TextOf(one) ?? "")],
        _ => null,
    };

    private static bool IsUri(string value) => System.Uri.TryCreate(value, UriKind.Absolute, out _);
}
