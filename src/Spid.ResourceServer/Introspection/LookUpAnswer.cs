using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spid.ResourceServer.Introspection;

/// <summary>Reads what the look-up says of a token. It is put into the form of an introspection answer, so that all that follows is the same.</summary>
internal sealed class LookUpAnswer(string token, bool keepBody, TimeProvider timeProvider)
{
    /// <summary>Only the platform's own refusal says something of the token; a 404 of a proxy, or at a wrong address, does not.</summary>
    public static SpidIntrospectionResult? ReadNotFound(ReadOnlyMemory<byte> body, out string? fault)
    {
        fault = null;
        using JsonDocument? document = JsonBody.TryParse(body);
        return document?.RootElement is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty("error", out JsonElement error)
            && error.ValueKind == JsonValueKind.Object
            && JsonBody.GetString(error, "type") == "ApiException"
                ? SpidIntrospectionResult.Inactive()
                : null;
    }

    public SpidIntrospectionResult? Read(ReadOnlyMemory<byte> body, out string? fault)
    {
        using JsonDocument? document = JsonBody.TryParse(body);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Object)
        {
            fault = "it is no container with data";
            return null;
        }

        return Read(data, out fault);
    }

    private SpidIntrospectionResult? Read(JsonElement data, out string? fault)
    {
        string? client = JsonBody.GetString(data, "clientId");
        JsonElement? user = FindUser(data);
        fault = null;
        if (JsonBody.GetString(data, "id") is { } id && id != token)
        {
            fault = "it is about another token";
        }
        else if (string.IsNullOrEmpty(client))
        {
            fault = "clientId is no text";
        }
        else if (user is null && JsonBody.GetString(data, "type") is not (null or "CLIENT"))
        {
            fault = "userId is missing in the token of a user";
        }
        else if (JsonBody.GetSeconds(data, "expiresIn") is { } expiresIn)
        {
            return expiresIn > TimeSpan.Zero ? Active(client, user, expiresIn, out fault) : SpidIntrospectionResult.Inactive();
        }
        else
        {
            fault = "expiresIn is no number";
        }

        return null;
    }

    private SpidIntrospectionResult? Active(string client, JsonElement? user, TimeSpan expiresIn, out string? fault)
    {
        var answer = new JsonObject
        {
            ["active"] = true,
            ["client_id"] = client,
            ["exp"] = (timeProvider.GetUtcNow() + expiresIn).ToUnixTimeSeconds(),
        };
        if (user is { } id)
        {
            answer["user_id"] = JsonNode.Parse(id.GetRawText());
        }

        byte[] body = Encoding.UTF8.GetBytes(answer.ToJsonString());
        return keepBody ? IntrospectionAnswer.ReadAndKeep(body, out fault) : IntrospectionAnswer.Read(body, out fault);
    }

    /// <summary>Tokens of clients have none, or <c>false</c> as in old token answers.</summary>
    private static JsonElement? FindUser(JsonElement data) =>
        data.TryGetProperty("userId", out JsonElement user)
        && (user.ValueKind == JsonValueKind.Number || (user.ValueKind == JsonValueKind.String && !user.ValueEquals("")))
            ? user
            : null;
}
