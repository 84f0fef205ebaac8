using System.Buffers.Text;
using System.Text.Json;

namespace Spid.Client.Protocol;

/// <summary>
/// Bounds the stated lifetime by the <c>exp</c> inside a token that is a JWT. The token stays opaque otherwise: nothing is
/// verified here and no other claim is used.
/// </summary>
internal static class JwtTimes
{
    public static TimeSpan BoundLifetime(string accessToken, TimeSpan lifetime, DateTimeOffset now)
    {
        if (ReadTimes(accessToken) is not var (expiry, issued) || expiry is not { } exp)
        {
            return lifetime;
        }

        TimeSpan byLocalClock = exp - (now - DateTimeOffset.UnixEpoch);
        TimeSpan byIssuer = issued is { } iat ? exp - iat : lifetime;

        // No server issues an expired token: when the local clock says so it is the clock that is wrong, and a client that
        // believed it would ask for a new token on every call. The issuer's own two times need no local clock.
        TimeSpan bound = byLocalClock > TimeSpan.Zero ? byLocalClock : byIssuer;
        return bound < lifetime ? bound : lifetime;
    }

    private static (TimeSpan? Expiry, TimeSpan? Issued)? ReadTimes(string accessToken)
    {
        string[] parts = accessToken.Split('.', 4);
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
        {
            return null;
        }

        using JsonDocument? payload = JsonBody.TryParse(Base64Url.DecodeFromChars(parts[1]));
        return payload?.RootElement is { ValueKind: JsonValueKind.Object } claims
            ? (JsonBody.GetSeconds(claims, "exp"), JsonBody.GetSeconds(claims, "iat"))
            : null;
    }
}
