using System.Runtime.InteropServices;
using System.Text.Json;

namespace Spid.ResourceServer.Claims;

/// <summary>What a JWT says of itself where SPiD is asked about it. SPiD's answer may be silent on it; it counts against the token and never for it.</summary>
/// <param name="IsAccessToken">Whether it is an access token, and no ID or refresh token.</param>
/// <param name="HasExpiry">Whether it expires at all.</param>
/// <param name="Binding">What it is bound to.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OwnClaims(bool IsAccessToken, bool HasExpiry, TokenBinding Binding)
{
    /// <summary>Gets what stands for a token that is no JWT.</summary>
    public static OwnClaims OfOpaqueToken => new(IsAccessToken: true, HasExpiry: true, default);

    /// <summary>Gives <see langword="null"/> when a claim that is looked at has a wrong type.</summary>
    public static OwnClaims? Read(JsonElement payload)
    {
        try
        {
            return new OwnClaims(
                TokenClass.IsAccessToken(payload),
                payload.TryGetProperty("exp", out JsonElement expiry) && expiry.ValueKind == JsonValueKind.Number,
                TokenBinding.Read(payload));
        }
        catch (Exception exception) when (exception is ClaimFaultException or InvalidOperationException)
        {
            // The latter for bytes that are no UTF-8 and for lone surrogates, which pass the parser and fail only when they are read.
            return null;
        }
    }
}
