using System.Text.Json;

namespace Spid.ResourceServer.Claims;

/// <summary>Reads claims from a JWT payload or an introspection answer.</summary>
internal static class ClaimsReader
{
    /// <summary>Gives <see langword="null"/>, and a fault in the library's own words, when a registered claim has a wrong type.</summary>
    public static TokenClaims? Read(JsonElement root, out string? fault) => throw new NotImplementedException();
}
