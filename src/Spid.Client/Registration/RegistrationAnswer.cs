using System.Text.Json;

namespace Spid.Client.Registration;

/// <summary>Reads the answer of <c>/oauth/register</c> (RFC 7591 section 3.2.1). SPiD sends it with status 200.</summary>
internal static class RegistrationAnswer
{
    public static SpidRegisteredClient? Read(ReadOnlyMemory<byte> body, out string? fault)
    {
        using JsonDocument? document = JsonBody.TryParse(body);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } root)
        {
            fault = "it is not a JSON object";
            return null;
        }

        string? clientId = JsonBody.GetString(root, "client_id");
        string? clientSecret = JsonBody.GetString(root, "client_secret");
        if (string.IsNullOrEmpty(clientId) || string.IsNullOrEmpty(clientSecret))
        {
            fault = "it has no client_id or no client_secret";
            return null;
        }

        fault = null;
        return new SpidRegisteredClient(clientId, clientSecret)
        {
            Scope = JsonBody.GetString(root, "scope"),
            IssuedAt = ReadTime(root, "client_id_issued_at"),
            SecretExpiresAt = ReadTime(root, "client_secret_expires_at"),
        };
    }

    /// <summary>RFC 7591 section 3.2.1 writes "never" as zero.</summary>
    private static DateTimeOffset? ReadTime(JsonElement root, string name) =>
        JsonBody.GetSeconds(root, name) is { } seconds && seconds > TimeSpan.Zero ? DateTimeOffset.UnixEpoch + seconds : null;
}
