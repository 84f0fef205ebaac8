using System.Net.Http.Headers;

namespace Spid.Client.Http;

/// <summary>Reads why a service answered 401.</summary>
internal static class Refusal
{
    private const string InsufficientScope = "insufficient_scope";

    /// <summary>A body arrives with its headers or soon after; a service that stalls must not hold a caller who asked for the headers alone.</summary>
    private static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Looks into the challenge (RFC 6750 section 3) and into a JSON body, which stays readable for the caller. A body that does not
    /// come within a second says nothing.
    /// </summary>
    public static async ValueTask<bool> IsInsufficientScopeAsync(HttpResponseMessage response, TimeProvider timeProvider, CancellationToken cancellationToken)
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
            && await BodySaysSoAsync(response, timeProvider, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> BodySaysSoAsync(HttpResponseMessage response, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var peeked = new PeekedContent(response.Content);
        response.Content = peeked;
        ReadOnlyMemory<byte> start = await peeked.PeekAsync(BodyTimeout, timeProvider, cancellationToken).ConfigureAwait(false);
        return ErrorAnswer.Read(start).Code == InsufficientScope;
    }
}
