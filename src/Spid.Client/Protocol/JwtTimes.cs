using System.Buffers.Text;
using System.Text.Json;

namespace Spid.Client.Protocol;

/// <summary>
/// Bounds the stated lifetime by the times inside a token that is a JWT. The token stays opaque otherwise: nothing is
/// verified here and no other claim is used.
/// </summary>
internal static class JwtTimes
{
    /// <summary>The local clock alone makes no lifetime shorter than this, so that a wrong clock costs one request in that time.</summary>
    private static readonly TimeSpan ShortestByLocalClock = TimeSpan.FromMinutes(1);

    /// <summary>Gets the shorter of the stated lifetime and the one that the token tells.</summary>
    /// <param name="accessToken">The token, a JWT or not.</param>
    /// <param name="lifetime">The <c>expires_in</c> of the answer.</param>
    /// <param name="now">The time by the local clock, which may be wrong.</param>
    public static TimeSpan BoundLifetime(string accessToken, TimeSpan lifetime, DateTimeOffset now)
    {
        if (ReadTimes(accessToken) is not var (expiry, issued) || expiry is not { } exp)
        {
            return lifetime;
        }

        // RFC 7519 sections 4.1.4 and 4.1.6: both times are the issuer's, so their difference holds whatever the local clock says.
        TimeSpan bound = issued < exp ? exp - issued.Value : BoundByLocalClock(lifetime, exp - (now - DateTimeOffset.UnixEpoch), issued is not null);
        return bound < lifetime ? bound : lifetime;
    }

    /// <summary>Bounds the lifetime of a token that does not tell when it was issued, or tells nonsense.</summary>
    private static TimeSpan BoundByLocalClock(TimeSpan lifetime, TimeSpan left, bool issuedExpired)
    {
        if (left > TimeSpan.Zero)
        {
            return left > ShortestByLocalClock ? left : ShortestByLocalClock;
        }

        // No server issues an expired token, unless the token says so itself: then it is the local clock that is wrong.
        return issuedExpired ? left : lifetime;
    }

    /// <summary>Reads the expiry and the time of issue, for which <c>nbf</c> stands where <c>iat</c> is missing: some issuers write only that.</summary>
    private static (TimeSpan? Expiry, TimeSpan? Issued)? ReadTimes(string accessToken)
    {
        string[] parts = accessToken.Split('.', 4);
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
        {
            return null;
        }

        using JsonDocument? payload = JsonBody.TryParse(Base64Url.DecodeFromChars(parts[1]));
        return payload?.RootElement is { ValueKind: JsonValueKind.Object } claims
            ? (JsonBody.GetSeconds(claims, "exp"), JsonBody.GetSeconds(claims, "iat") ?? JsonBody.GetSeconds(claims, "nbf"))
            : null;
    }
}
