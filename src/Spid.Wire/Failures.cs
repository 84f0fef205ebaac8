using System.Globalization;
using System.Net;
using Spid.Client;

namespace Spid.Wire;

/// <summary>Words every failure: what happened, where, and which option to look at. Nothing from a body but a known error code.</summary>
internal static class Failures
{
    /// <summary>Gives the address as messages show it. A query may hold a key of the endpoint.</summary>
    public static string NameOf(Uri endpoint) => endpoint.GetLeftPart(UriPartial.Path);

    public static SpidException Refused(Uri endpoint, HttpResponseMessage response, ErrorAnswer error, TimeProvider timeProvider)
    {
        int status = (int)response.StatusCode;
        SpidErrorKind kind = OAuthErrors.Classify(error.Code, status);
        string answer = string.Create(CultureInfo.InvariantCulture, $"{NameOf(endpoint)} answered {status}{(error.Code is null ? "" : " " + error.Code)}");

        return new SpidException(kind, $"{answer}. {Advice(kind, error.Code, status)}", statusCode: response.StatusCode)
        {
            OAuthError = error.Code,
            RetryAfter = kind is SpidErrorKind.Configuration ? null : RetryAfterReader.Read(response.Headers, timeProvider) ?? error.Reset,
        };
    }

    public static SpidException Unreadable(Uri endpoint, HttpStatusCode status, string fault) => new(
        SpidErrorKind.Protocol,
        $"{NameOf(endpoint)} answered {(int)status}, but the body cannot be used: {fault}. Check that Environment or Authority names a SPiD installation.",
        statusCode: status);

    public static SpidException Unreachable(Uri endpoint, string fault, Exception? innerException = null) => new(
        SpidErrorKind.Transient,
        $"{NameOf(endpoint)} could not be reached: {fault}.",
        innerException);

    public static SpidException Suspended(Uri endpoint, TimeSpan? retryAfter) => new(
        SpidErrorKind.Transient,
        $"{NameOf(endpoint)} keeps failing and is left alone for a while.")
    {
        RetryAfter = retryAfter > TimeSpan.Zero ? retryAfter : null,
    };

    /// <summary>Some inner messages quote what the server sent, header lines included, so those are not passed on.</summary>
    public static SpidException Unreachable(Uri endpoint, Exception exception) =>
        Unreachable(endpoint, $"the connection failed ({ErrorOf(exception)})", QuotesServer(exception) ? null : exception);

    /// <summary>Also true when a proxy refuses: the platform then quotes the address of the proxy, with the password in it.</summary>
    public static bool QuotesServer(Exception? exception) => exception is not null
        && (ErrorOf(exception) is HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded
                or HttpRequestError.ProxyTunnelError
            || QuotesServer(exception.InnerException));

    private static HttpRequestError ErrorOf(Exception? exception) => exception switch
    {
        HttpRequestException request => request.HttpRequestError,
        HttpIOException io => io.HttpRequestError,
        _ => HttpRequestError.Unknown,
    };

    private static string Advice(SpidErrorKind kind, string? code, int status) => (kind, code, status) switch
    {
        _ when OAuthErrors.RefusesCredentials(code) =>
            "Check ClientId and ClientSecret, and that they belong to this environment; SPiD also answers this for a client without a registered redirect URI.",
        (_, "invalid_scope", _) => "Check Scope: a SPiD administrator decides which scopes the client may ask for.",
        (_, "invalid_target", _) => "Check Resources: each must be the URI that the receiving service registered in self service.",
        (_, "invalid_client_metadata" or "invalid_redirect_uri", _) => "Check the registration: every scope must begin with the merchant's prefix, and redirect URIs must be URLs.",
        (_, "insufficient_scope", _) => "The client's token lacks a scope: a SPiD administrator decides which scopes the client may ask for.",
        (SpidErrorKind.Configuration, _, 404) => "Check Environment or Authority, and the option of this endpoint where its path is not SPiD's: there is no such endpoint.",
        (SpidErrorKind.Configuration, _, _) => "Check ClientId, ClientSecret, Scope and Resources.",
        (SpidErrorKind.Throttled, _, _) => "SPiD limits the request rate of this client.",
        (SpidErrorKind.Transient, _, _) => "SPiD has a passing fault.",
        _ => "Check Environment or Authority: redirects are not followed, because a redirect would carry the client secret elsewhere.",
    };
}
