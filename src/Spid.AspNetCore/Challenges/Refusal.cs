using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Spid.ResourceServer;

namespace Spid.AspNetCore.Challenges;

/// <summary>The answer to a request that is not let in (RFC 6750 section 3). Nothing of the token is ever repeated in it.</summary>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="HasChallenge">Whether a challenge goes with it; a fault of our own has none.</param>
/// <param name="Error">The error code.</param>
/// <param name="Description">What is wrong, in words without quotes and backslashes.</param>
/// <param name="Scopes">The scopes that were missing.</param>
/// <param name="RetryAfter">When to try again.</param>
internal sealed record Refusal(
    int StatusCode, bool HasChallenge = true, string? Error = null, string? Description = null, IReadOnlyCollection<string>? Scopes = null, TimeSpan? RetryAfter = null)
{
    private const string InvalidToken = "invalid_token";
    private const string InvalidRequest = "invalid_request";

    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(5);

    /// <summary>RFC 6750 section 3.1: no error code for a request that brought no token.</summary>
    private static readonly Refusal Bare = new(StatusCodes.Status401Unauthorized);

    public static Refusal ForChallenge(SpidVerificationResult? result, bool isAmbiguous, SpidFailureMapping mapping)
    {
        bool isByRfc = mapping == SpidFailureMapping.Rfc6750;
        if (isAmbiguous)
        {
            return new Refusal(isByRfc ? StatusCodes.Status400BadRequest : StatusCodes.Status401Unauthorized, Error: InvalidRequest, Description: "The request brings more than one token.");
        }

        return result switch
        {
            // An accepted token is challenged when an endpoint asks for another scheme as well.
            null or { IsAccepted: true } => Bare,
            { Status: SpidVerificationStatus.Unavailable } => ForUnavailable(result),
            { Reason: SpidVerificationReason.MalformedToken } when isByRfc => new Refusal(StatusCodes.Status400BadRequest, Error: InvalidRequest, Description: Descriptions.Of(result.Reason)),
            { Reason: SpidVerificationReason.WrongIssuer or SpidVerificationReason.WrongAudience } =>
                new Refusal(isByRfc ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden, Error: InvalidToken, Description: Descriptions.Of(result.Reason)),
            { Status: SpidVerificationStatus.Forbidden } => new Refusal(StatusCodes.Status403Forbidden),
            _ => new Refusal(StatusCodes.Status401Unauthorized, Error: InvalidToken, Description: Descriptions.Of(result.Reason)),
        };
    }

    /// <summary>
    /// For a token that is good but not enough; without scopes it was another requirement of the application that failed. When this scheme
    /// has accepted none, it was the caller of another scheme who may not do this, and that scheme says why; but when the token could not be
    /// verified, it is unknown whether the two identities together would be enough.
    /// </summary>
    public static Refusal ForForbidden(SpidVerificationResult? result, IReadOnlyCollection<string> missingScopes) => (result, missingScopes.Count) switch
    {
        ({ Status: SpidVerificationStatus.Unavailable }, _) => ForUnavailable(result),
        (not { IsAccepted: true }, _) => new Refusal(StatusCodes.Status403Forbidden, HasChallenge: false),
        (_, 0) => new Refusal(StatusCodes.Status403Forbidden),
        _ => new Refusal(StatusCodes.Status403Forbidden, Error: "insufficient_scope", Description: "The token lacks a scope.", Scopes: missingScopes),
    };

    /// <summary>Gets a value indicating whether the token is the reason, and not that there is none or that another scheme's caller may not do this.</summary>
    public bool IsOfToken => HasChallenge || StatusCode == StatusCodes.Status503ServiceUnavailable;

    /// <summary>
    /// Restores a status that a scheme of others, answering afterwards, has replaced by the one that it knows: during an outage by any that sends the
    /// caller for a new token, which does not help, and otherwise by a redirect to a log-in page, which who sends a token cannot use.
    /// </summary>
    public static void Restore(HttpResponse response, int statusCode)
    {
        bool isUnavailable = statusCode == StatusCodes.Status503ServiceUnavailable;
        if (response.StatusCode == StatusCodes.Status302Found || (isUnavailable && response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden))
        {
            Replace(response, statusCode);
        }
    }

    public void Write(HttpResponse response, string realm, Uri? metadataAddress)
    {
        response.Headers.CacheControl = "no-store";

        // The last of several schemes sets the status; a 503 of an earlier scheme must not be overwritten.
        if (response.StatusCode != StatusCodes.Status503ServiceUnavailable)
        {
            Replace(response, StatusCode);
        }

        if (StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            response.OnStarting(
                static state =>
                {
                    Restore((HttpResponse)state, StatusCodes.Status503ServiceUnavailable);
                    return Task.CompletedTask;
                },
                response);
        }

        if (RetryAfter is { } pause)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (HasChallenge && Challenge(realm, metadataAddress) is var challenge && !response.Headers.WWWAuthenticate.Contains(challenge, StringComparer.Ordinal))
        {
            response.Headers.WWWAuthenticate = StringValues.Concat(response.Headers.WWWAuthenticate, challenge);
        }
    }

    private static void Replace(HttpResponse response, int statusCode)
    {
        if (response.StatusCode == StatusCodes.Status302Found)
        {
            response.Headers.Remove(HeaderNames.Location);
        }

        response.StatusCode = statusCode;
    }

    private static Refusal ForUnavailable(SpidVerificationResult result) =>
        new(StatusCodes.Status503ServiceUnavailable, HasChallenge: false, RetryAfter: result.RetryAfter ?? UsualPause);

    private string Challenge(string realm, Uri? metadataAddress)
    {
        var text = new StringBuilder("Bearer realm=\"").Append(realm).Append('"');
        Append(text, "error", Error);
        Append(text, "error_description", Description);
        Append(text, "scope", Scopes is null ? null : string.Join(' ', Scopes));
        Append(text, "resource_metadata", metadataAddress?.AbsoluteUri);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append(", ").Append(name).Append("=\"").Append(value).Append('"');
        }
    }
}
