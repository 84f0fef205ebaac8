using System.Net;

namespace Spid.Client;

/// <summary>Tells why no token could be had from SPiD, or why a request was not allowed to carry one.</summary>
/// <remarks>
/// Derives from <see cref="HttpRequestException"/>, so code that handles failing HTTP calls handles this one too.
/// Neither the message nor any property holds a response body, token, secret or header.
/// </remarks>
public sealed class SpidException : HttpRequestException
{
    /// <summary>Initializes a new instance. The library throws it; code of your own needs one in tests.</summary>
    /// <param name="kind">The class of the failure.</param>
    /// <param name="message">What happened. It reaches logs, so it must not quote what was sent or received.</param>
    /// <param name="innerException">The cause.</param>
    /// <param name="statusCode">The HTTP status of SPiD's answer, when there was one.</param>
    public SpidException(SpidErrorKind kind, string message, Exception? innerException = null, HttpStatusCode? statusCode = null)
        : base((innerException as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown, message, innerException)
    {
        Kind = kind;
        SpidStatusCode = statusCode;
    }

    /// <summary>Gets the class of the failure.</summary>
    public SpidErrorKind Kind { get; }

    /// <summary>Gets the HTTP status of SPiD's answer.</summary>
    /// <value>
    /// <see langword="null"/> when there was none. The inherited <see cref="HttpRequestException.StatusCode"/> is always <see langword="null"/>:
    /// code that takes a 404 there for "the service has no such thing" must not meet SPiD's.
    /// </value>
    public HttpStatusCode? SpidStatusCode { get; }

    /// <summary>Gets the OAuth error code, for example <c>invalid_client</c>.</summary>
    /// <value>A code that RFC 6749, 6750, 7591 or 8707 or SPiD defines; <see langword="null"/> when SPiD gave none of those.</value>
    public string? OAuthError { get; init; }

    /// <summary>Gets how long to wait before asking again.</summary>
    /// <value><see langword="null"/> when nothing is known; otherwise positive.</value>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets a value indicating whether the same request may succeed later without any change.</summary>
    public bool IsTransient => Kind is SpidErrorKind.Transient or SpidErrorKind.Throttled;

    /// <summary>Creates an exception of its own for one more caller: stack traces must not be shared between threads.</summary>
    internal SpidException Copy(TimeSpan? retryAfter) => new(Kind, Message, InnerException, SpidStatusCode)
    {
        OAuthError = OAuthError,
        RetryAfter = retryAfter,
    };
}
