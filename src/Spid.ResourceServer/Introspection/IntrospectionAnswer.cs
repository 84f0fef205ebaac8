using System.Text.Json;
using Spid.ResourceServer.Claims;

namespace Spid.ResourceServer.Introspection;

/// <summary>Reads an introspection answer (RFC 7662 section 2.2).</summary>
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
        if (!root.TryGetProperty("active", out JsonElement active) || active.ValueKind == JsonValueKind.False)
        {
            // A missing "active" is taken for inactive, as Schibsted's own SDK does: no token is accepted by it.
            return SpidIntrospectionResult.Inactive();
        }

        // RFC 7662 section 2.2: a JSON boolean. The text "true" is no reason to let anyone in, nor the text "false" one to answer 401.
        if (active.ValueKind != JsonValueKind.True)
        {
            fault = "active is neither true nor false";
            return null;
        }

        return ClaimsReader.Read(root, out fault) is { } claims
            ? SpidIntrospectionResult.Active(claims, ReadServerTime(root))
            : null;
    }

    public static SpidIntrospectionResult? ReadAndKeep(ReadOnlyMemory<byte> body, out string? fault) => Read(body, out fault)?.With(body.ToArray());

    /// <summary>SPiD's own clock, a member that RFC 7662 does not know. It only helps, so an odd one is ignored.</summary>
    private static DateTimeOffset? ReadServerTime(JsonElement root)
    {
        try
        {
            return ClaimValues.GetTime(root, "now");
        }
        catch (ClaimFaultException)
        {
            return null;
        }
    }
}
