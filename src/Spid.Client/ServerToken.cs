using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Serialization;

namespace Spid.Client;

/// <summary>Holds an access token that SPiD issued to this service itself (grant <c>client_credentials</c>).</summary>
/// <remarks>Immutable and thread-safe. Its text, debugger and JSON forms leave the token out.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ServerToken
{
    /// <summary>Creates a token, for tests of code that consumes one.</summary>
    /// <param name="accessToken">The token as SPiD issued it.</param>
    /// <param name="expiresAt">When it expires, or <see langword="null"/> when that is unknown.</param>
    /// <param name="scope">The granted scopes, space separated, or <see langword="null"/> when SPiD did not state them.</param>
    /// <exception cref="ArgumentException"><paramref name="accessToken"/> is empty or has a character that cannot stand in a header.</exception>
    public ServerToken(string accessToken, DateTimeOffset? expiresAt = null, string? scope = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(accessToken);
        if (!IsHeaderSafe(accessToken))
        {
            throw new ArgumentException("The token has a character that cannot stand in an Authorization header.", nameof(accessToken));
        }

        AccessToken = accessToken;
        ExpiresAt = expiresAt;
        Scope = scope;
        Authorization = new BearerHeaderValue(accessToken);
    }

    /// <summary>Gets the token itself. It is a secret: keep it out of logs, URLs and messages.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string AccessToken { get; }

    /// <summary>Gets the scopes that SPiD granted, space separated.</summary>
    /// <value><see langword="null"/> when SPiD did not state them, which means as requested (RFC 6749 section 5.1).</value>
    public string? Scope { get; }

    /// <summary>Gets when the token expires by the local clock, counted from before it was requested.</summary>
    /// <remarks>The cache goes by this and by elapsed time, whichever ends first.</remarks>
    /// <value><see langword="null"/> when SPiD gave no lifetime.</value>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>Gets the header value, made once so that a request only stores a reference.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal BearerHeaderValue Authorization { get; }

    /// <summary>Gets the request that this token answers, so that a renewal finds its cache entry.</summary>
    [JsonIgnore]
    internal TokenRequest? Request { get; init; }

    /// <summary>Describes the token without revealing it, or anything else that SPiD wrote.</summary>
    /// <returns>The time of expiry.</returns>
    public override string ToString() =>
        $"ServerToken {{ ExpiresAt = {ExpiresAt?.ToString("u", CultureInfo.InvariantCulture) ?? "unknown"} }}";

    /// <summary>RFC 6749 appendix A.12 allows VSCHAR; a space would end the value in a header.</summary>
    internal static bool IsHeaderSafe(string accessToken) => !accessToken.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>A header value that is recognised as this library's own and formatted once: HttpClient asks for its text on every request.</summary>
    internal sealed class BearerHeaderValue(string accessToken) : AuthenticationHeaderValue("Bearer", accessToken)
    {
        private readonly string _text = "Bearer " + accessToken;

        public override string ToString() => _text;
    }
}
