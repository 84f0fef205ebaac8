using System.Text.Json;

namespace Spid.Client.Protocol;

/// <summary>A usable answer of the token endpoint (RFC 6749 section 5.1), in any of the variants that SPiD sends.</summary>
internal sealed class TokenAnswer
{
    private TokenAnswer(string accessToken) => AccessToken = accessToken;

    /// <summary>Gets the token. Polly puts the answer into the structured state of its log entries, and some sinks write out every public property: there is none.</summary>
    internal string AccessToken { get; }

    /// <summary>Gets the stated lifetime, or <see langword="null"/> when there is none or it is not positive.</summary>
    internal TimeSpan? Lifetime { get; private init; }

    /// <summary>Gets the granted scope, or <see langword="null"/> when it is not stated.</summary>
    internal string? Scope { get; private init; }

    /// <summary>Reads a success body.</summary>
    /// <param name="body">The body as received.</param>
    /// <param name="fault">What is wrong with it, in words of this library and never of the body.</param>
    public static TokenAnswer? Read(ReadOnlyMemory<byte> body, out string? fault)
    {
        using JsonDocument? document = JsonBody.TryParse(body);
        fault = document is null ? "it is not JSON in UTF-8" : FindFault(document.RootElement);
        if (fault is not null)
        {
            return null;
        }

        JsonElement root = document!.RootElement;
        return new TokenAnswer(JsonBody.GetString(root, "access_token")!)
        {
            Lifetime = JsonBody.GetSeconds(root, "expires_in") is { } lifetime && lifetime > TimeSpan.Zero ? lifetime : null,
            Scope = JsonBody.GetString(root, "scope") is { Length: > 0 } scope ? scope : null,
        };
    }

    /// <summary>Does not contain the token.</summary>
    public override string ToString() => nameof(TokenAnswer);

    private static string? FindFault(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return "it is not a JSON object";
        }

        string? token = JsonBody.GetString(root, "access_token");
        if (string.IsNullOrEmpty(token))
        {
            return "it has no access_token";
        }

        if (!ServerToken.IsHeaderSafe(token))
        {
            return "its access_token has a character that cannot stand in an Authorization header";
        }

        // RFC 6749 section 7.1: a token of a type that is not understood must not be used. SPiD's oldest answers omit the type.
        return IsBearer(root) ? null : "its token_type is not Bearer";
    }

    private static bool IsBearer(JsonElement root) =>
        !root.TryGetProperty("token_type", out JsonElement type)
        || type.ValueKind == JsonValueKind.Null
        || string.Equals(JsonBody.GetString(root, "token_type"), "Bearer", StringComparison.OrdinalIgnoreCase);
}
