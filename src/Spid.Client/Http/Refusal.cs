using System.Net.Http.Headers;

namespace Spid.Client.Http;

/// <summary>Reads why a service answered 401.</summary>
internal static class Refusal
{
    private const string InsufficientScope = "insufficient_scope";

    /// <summary>Looks into the challenge (RFC 6750 section 3) and into a JSON body, which stays readable for the caller.</summary>
    public static async ValueTask<bool> IsInsufficientScopeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        foreach (AuthenticationHeaderValue challenge in response.Headers.WwwAuthenticate)
        {
            if (Challenge.Has(challenge.Parameter, "error", InsufficientScope))
            {
                return true;
            }
        }

        string? mediaType = response.Content.Headers.ContentType?.MediaType;
        return mediaType is not null
            && mediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase)
            && await BodySaysSoAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> BodySaysSoAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        PeekedContent peeked = await PeekedContent.CreateAsync(response.Content, cancellationToken).ConfigureAwait(false);
        response.Content = peeked;
        return ErrorAnswer.Read(peeked.Start).Code == InsufficientScope;
    }
}
