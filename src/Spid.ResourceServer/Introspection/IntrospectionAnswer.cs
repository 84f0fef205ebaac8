using System.Text.Json;
using Spid.ResourceServer.Claims;

namespace Spid.ResourceServer.Introspection;

/// <summary>
/// Reads an introspection answer (RFC 7662 section 2.2). Its <c>active</c> is a required JSON boolean: the text "true" is no reason to let anyone in,
/// and an answer without a boolean says nothing of the token, so it is no reason to answer 401 either.
/// </summary>
internal static class IntrospectionAnswer
{
    public static SpidIntrospectionResult? Read(ReadOnlyMemory<byte> body, out string? fault)
    {
        using JsonDocument? document = JsonBody.TryParse(body);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } root)
        {
            fault = "it is no JSON object";
            return null;
        }

        fault = null;
        _ = root.TryGetProperty("active"u8, out JsonElement active);
        switch (active.ValueKind)
        {
            case JsonValueKind.False:
                return SpidIntrospectionResult.Inactive();

            case JsonValueKind.True:
                return ClaimsReader.ReadAnswer(root, out fault) is { } claims ? SpidIntrospectionResult.Active(claims, ReadServerTime(root)) : null;

            case JsonValueKind.Undefined:
                fault = "active is missing";
                return null;

            default:
                fault = "active is neither true nor false";
                return null;
        }
    }

    public static SpidIntrospectionResult? ReadAndKeep(ReadOnlyMemory<byte> body, out string? fault) => Read(body, out fault)?.With(body.ToArray());

    /// <summary>SPiD's own clock, a member that RFC 7662 does not know. It only helps, so an odd one is ignored.</summary>
    private static DateTimeOffset? ReadServerTime(JsonElement root)
    {
        try
        {
            return ClaimValues.GetTime(root, "now"u8);
        }
        catch (ClaimFaultException)
        {
            return null;
        }
    }
}
