using System.Net;
using System.Runtime.InteropServices;
using Spid.Client;

namespace Spid.ResourceServer.Introspection;

/// <summary>
/// What an endpoint answers about one token. An answer that refuses the token or cannot be used is a value and no exception, so that neither the
/// circuit breaker nor a pause counts it: an unauthenticated caller chooses the token, and must not stop the calls for others.
/// </summary>
/// <param name="Result">The status of the token.</param>
/// <param name="Fault">Why there is none. It concerns this token only.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenStatusAnswer(SpidIntrospectionResult? Result, SpidException? Fault)
{
    /// <summary>Gets a value indicating whether the fault may also mean that the credentials are refused: some servers do so by a 403 that says nothing more.</summary>
    public bool LeavesCredentialsInDoubt => Fault is { SpidStatusCode: HttpStatusCode.Forbidden, OAuthError: null };

    /// <summary>Takes the answer of an endpoint, and lets only those failures through that cannot come from the token.</summary>
    public static async Task<TokenStatusAnswer> FromAsync(Task<SpidIntrospectionResult> exchange, Uri endpoint)
    {
        try
        {
            return new TokenStatusAnswer(await exchange.ConfigureAwait(false), null);
        }
        catch (SpidException exception) when (exception.SpidStatusCode is { } status && ConcernsToken(exception, status))
        {
            return new TokenStatusAnswer(null, Describe(exception, status, endpoint));
        }
    }

    /// <summary>
    /// A status of 401 and the credential codes refuse this service (RFC 7662 section 2.3); 5xx, 408, 420 and 429 are no answer about a token. Everything
    /// else can be provoked by the token itself: 400 for its form, 413 for its length, 403 by a firewall, a body that breaks a rule of the reader.
    /// </summary>
    private static bool ConcernsToken(SpidException exception, HttpStatusCode status) => exception.Kind switch
    {
        SpidErrorKind.Protocol => true,
        SpidErrorKind.Configuration => status != HttpStatusCode.Unauthorized && !OAuthErrors.RefusesCredentials(exception.OAuthError),
        _ => false,
    };

    private static SpidException Describe(SpidException exception, HttpStatusCode status, Uri endpoint) => exception.Kind == SpidErrorKind.Protocol
        ? exception
        : new SpidException(
            SpidErrorKind.Protocol,
            $"{Failures.NameOf(endpoint)} answered {(int)status}{(exception.OAuthError is { } code ? " " + code : "")} for this token. If it does so for all tokens, check Environment or Authority, and the option of this endpoint.",
            exception.InnerException,
            status)
        { OAuthError = exception.OAuthError };
}
