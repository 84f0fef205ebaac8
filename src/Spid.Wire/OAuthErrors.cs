using System.Net;
using Spid.Client;

namespace Spid.Wire;

/// <summary>
/// The error codes that may be shown. An answer can echo a secret anywhere, so a code that is not in this list is never repeated.
/// </summary>
internal static class OAuthErrors
{
    private static readonly HashSet<string> Credentials = new(StringComparer.Ordinal)
    {
        "invalid_client", "invalid_client_id", "invalid_client_credentials", "unauthorized_client",
    };

    private static readonly HashSet<string> Permanent = new(Credentials, StringComparer.Ordinal)
    {
        "invalid_scope", "invalid_target", "invalid_request", "invalid_grant", "unsupported_grant_type", "access_denied",
        "redirect_uri_mismatch", "unsupported_response_type", "invalid_token", "expired_token", "insufficient_scope",
        "invalid_client_metadata", "invalid_redirect_uri", "invalid_software_statement", "unapproved_software_statement",
        "invalid_user_credentials", "unverified_user", "unsupported_token_type",
    };

    private static readonly HashSet<string> Passing = new(StringComparer.Ordinal) { "server_error", "temporarily_unavailable" };

    private static readonly HashSet<string> RateLimits = new(StringComparer.Ordinal) { "too_many_requests", "slow_down" };

    /// <summary>Gives the code itself when it is a known one, else <see langword="null"/>.</summary>
    public static string? Known(string? code) => code is not null
        && (Permanent.Contains(code) || Passing.Contains(code) || RateLimits.Contains(code)) ? code : null;

    /// <summary>Says whether the code means that SPiD does not accept the client id or secret, whatever was asked for.</summary>
    public static bool RefusesCredentials(string? code) => code is not null && Credentials.Contains(code);

    /// <summary>
    /// Says whether an answer of the token endpoint refuses the client, whatever was asked for. RFC 6749 section 5.2 has 401 for that alone, so
    /// a bare 401, or one with a code that is not known, means the same as <c>invalid_client</c>.
    /// </summary>
    public static bool RefusesCredentials(SpidException exception) =>
        RefusesCredentials(exception.OAuthError) || exception is { Kind: SpidErrorKind.Configuration, SpidStatusCode: HttpStatusCode.Unauthorized, OAuthError: null };

    /// <summary>
    /// Says whether another secret may be accepted where this one was not: also after any other 401, and after a 400 or 403 that does not
    /// say what is wrong. Some servers refuse a wrong secret with an empty 403.
    /// </summary>
    public static bool MayRefuseSecret(SpidException exception) => RefusesCredentials(exception)
        || (exception.Kind == SpidErrorKind.Configuration && exception.SpidStatusCode switch
        {
            HttpStatusCode.Unauthorized => true,
            HttpStatusCode.BadRequest or HttpStatusCode.Forbidden => exception.OAuthError is null,
            _ => false,
        });

    /// <summary>SPiD sends its credential errors with varying statuses, so the code decides before the status does.</summary>
    public static SpidErrorKind Classify(string? code, int status) => (code, status) switch
    {
        _ when RefusesCredentials(code) => SpidErrorKind.Configuration,
        (_, 420 or 429) => SpidErrorKind.Throttled,
        _ when code is not null && RateLimits.Contains(code) => SpidErrorKind.Throttled,
        (_, 408 or >= 500) => SpidErrorKind.Transient,
        _ when code is not null && Passing.Contains(code) => SpidErrorKind.Transient,
        (_, < 400) => SpidErrorKind.Protocol,
        _ => SpidErrorKind.Configuration,
    };
}
