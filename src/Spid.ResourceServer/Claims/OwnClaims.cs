using System.Runtime.InteropServices;
using System.Text.Json;

namespace Spid.ResourceServer.Claims;

/// <summary>What a JWT says of itself, unverified. It counts against the token and never for it, also where SPiD's answer is silent on it.</summary>
/// <param name="IsAccessToken">Whether it is an access token, and no ID or refresh token.</param>
/// <param name="Issuer">Who issued it, if it says so in a text.</param>
/// <param name="HasExpiry">Whether it expires at all.</param>
/// <param name="ExpiresAt">When it expires, if it says so in a number that is a time.</param>
/// <param name="Binding">What it is bound to.</param>
/// <param name="IsUserToken">Whether it is a user's; <see langword="null"/> for a token that says nothing of itself.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OwnClaims(bool IsAccessToken, string? Issuer, bool HasExpiry, DateTimeOffset? ExpiresAt, TokenBinding Binding, bool? IsUserToken)
{
    /// <summary>Gets what stands for a token that is no JWT.</summary>
    public static OwnClaims OfOpaqueToken => new(IsAccessToken: true, Issuer: null, HasExpiry: true, ExpiresAt: null, default, IsUserToken: null);

    /// <summary>Gives <see langword="null"/> when a claim has a wrong type without which class or binding are not known.</summary>
    public static OwnClaims? Read(JsonElement payload)
    {
        try
        {
            return new OwnClaims(
                TokenClass.IsAccessToken(payload),
                JsonBody.GetString(payload, "iss"u8),
                payload.TryGetProperty("exp"u8, out JsonElement expiry) && expiry.ValueKind == JsonValueKind.Number,
                ClaimValues.TryGetTime(payload, "exp"u8),
                TokenBinding.Read(payload),
                TokenClass.IsUserToken(payload, JsonBody.GetString(payload, "sub"u8), JsonBody.GetString(payload, "client_id"u8) ?? JsonBody.GetString(payload, "azp"u8)));
        }
        catch (Exception exception) when (exception is ClaimFaultException or InvalidOperationException)
        {
            // The latter for bytes that are no UTF-8 and for lone surrogates, which pass the parser and fail only when they are read.
            return null;
        }
    }

    /// <summary>Says whether the token may be a user's for all that is known, where an answer names no subject.</summary>
    public bool MayBeUserToken(TokenClaims answer) => answer.IsUserToken || (answer.Subject is null && (IsUserToken ?? (answer.ClientId ?? answer.AuthorizedParty) is null));
}
