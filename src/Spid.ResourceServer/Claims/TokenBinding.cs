using System.Runtime.InteropServices;
using System.Text.Json;

namespace Spid.ResourceServer.Claims;

/// <summary>What a token is bound to (<c>cnf</c>, RFC 7800).</summary>
/// <param name="IsBound">Whether it is bound to anything.</param>
/// <param name="CertificateThumbprint">The SHA-256 thumbprint of a certificate (<c>x5t#S256</c>, RFC 8705 section 3.1), when that is all it is bound to.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenBinding(bool IsBound, string? CertificateThumbprint)
{
    /// <summary>Bound to more than a certificate, or to something else, is bound to what cannot be proven here.</summary>
    /// <exception cref="ClaimFaultException">It has a wrong type.</exception>
    public static TokenBinding Read(JsonElement root)
    {
        if (!root.TryGetProperty("cnf"u8, out JsonElement confirmation) || confirmation.ValueKind == JsonValueKind.Null)
        {
            return default;
        }

        return confirmation.ValueKind == JsonValueKind.Object
            ? new TokenBinding(IsBound: true, confirmation.GetPropertyCount() == 1 ? ClaimValues.GetText(confirmation, "x5t#S256"u8) : null)
            : throw new ClaimFaultException("cnf is no JSON object");
    }

    /// <summary>Holds for both; what is bound to two different things cannot be proven here.</summary>
    public TokenBinding And(TokenBinding other) => (IsBound, other.IsBound) switch
    {
        (false, _) => other,
        (_, false) => this,
        _ => this == other ? this : new TokenBinding(IsBound: true, null),
    };
}
