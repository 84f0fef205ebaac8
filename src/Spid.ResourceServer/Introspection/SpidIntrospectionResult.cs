using System.Collections.Frozen;
using System.Diagnostics;
using Spid.ResourceServer.Claims;

namespace Spid.ResourceServer.Introspection;

/// <summary>What SPiD says of a token (RFC 7662 section 2.2). Immutable, and safe for use from several threads.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SpidIntrospectionResult
{
    private SpidIntrospectionResult(TokenClaims? claims, DateTimeOffset? serverTime)
    {
        Claims = claims;
        ServerTime = serverTime;
    }

    /// <summary>Gets a value indicating whether SPiD calls the token active. That alone allows nothing: see <see cref="Audiences"/>.</summary>
    public bool IsActive => Claims is not null;

    /// <summary>Gets the client that the token was issued to.</summary>
    public string? ClientId => Claims?.ClientId ?? Claims?.AuthorizedParty;

    /// <summary>Gets the subject.</summary>
    public string? Subject => Claims?.Subject;

    /// <summary>Gets the scopes.</summary>
    public IReadOnlySet<string> Scopes => Claims?.Scopes ?? FrozenSet<string>.Empty;

    /// <summary>Gets the services that the token is for. SPiD calls tokens of the same merchant active whatever they are for.</summary>
    public IReadOnlyList<string> Audiences => Claims?.Audiences ?? [];

    /// <summary>Gets the issuer.</summary>
    public string? Issuer => Claims?.Issuer;

    /// <summary>Gets when the token expires.</summary>
    public DateTimeOffset? ExpiresAt => Claims?.ExpiresAt;

    /// <summary>Gets when the token was issued.</summary>
    public DateTimeOffset? IssuedAt => Claims?.IssuedAt;

    /// <summary>Gets the id of the token (<c>jti</c>).</summary>
    public string? TokenId => Claims?.TokenId;

    /// <summary>Gets the time of SPiD's own clock, which some answers have (<c>now</c>).</summary>
    public DateTimeOffset? ServerTime { get; }

    internal TokenClaims? Claims { get; }

    /// <summary>Gets the answer itself, when it is to be shared with other processes.</summary>
    internal byte[]? Body { get; private init; }

    /// <summary>Says whether the token is active.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => IsActive ? $"Active token of client '{ClientId ?? "unknown"}'" : "Inactive token";

    /// <summary>How far SPiD's clock is ahead of one that says <paramref name="now"/>. A clock that is a day off is no clock, on whichever side.</summary>
    internal TimeSpan ClockOffsetAt(DateTimeOffset now) =>
        ServerTime - now is { } offset && offset.Duration() < TimeSpan.FromDays(1) ? offset : TimeSpan.Zero;

    internal SpidIntrospectionResult With(byte[] body) => new(Claims, ServerTime) { Body = body };

    internal static SpidIntrospectionResult Inactive() => new(null, null);

    internal static SpidIntrospectionResult Active(TokenClaims claims, DateTimeOffset? serverTime) => new(claims, serverTime);
}
