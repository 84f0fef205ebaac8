using System.Net;
using Spid.Client.Diagnostics;
using Spid.Client.Tokens;

namespace Spid.Client.Http;

/// <content>What happens when the service refuses the token.</content>
public sealed partial class SpidTokenHandler
{
    private async Task<HttpResponseMessage> WatchAsync(
        Task<HttpResponseMessage> sending, HttpRequestMessage request, HttpContent? sent, ServerToken token, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await sending.ConfigureAwait(false);

        // What only a refusal needs is in a method of its own, for this one is allocated by every request that waits for its answer.
        return response.StatusCode == HttpStatusCode.Unauthorized
            ? await RepeatAsync(response, request, sent, token, cancellationToken).ConfigureAwait(false)
            : response;
    }

    private async Task<HttpResponseMessage> RepeatAsync(
        HttpResponseMessage response, HttpRequestMessage request, HttpContent? sent, ServerToken token, CancellationToken cancellationToken)
    {
        ServerToken? renewed = await RenewAsync(response, request, sent, token, cancellationToken).ConfigureAwait(false);
        if (renewed is null)
        {
            return response;
        }

        // An undisposed response would keep its connection out of the pool.
        response.Dispose();
        request.Headers.Authorization = renewed.Authorization;
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Gets the token to repeat the request with, its body being in place, or <see langword="null"/> when the answer belongs to the caller.
    /// </summary>
    private async ValueTask<ServerToken?> RenewAsync(
        HttpResponseMessage response, HttpRequestMessage request, HttpContent? sent, ServerToken token, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.Unauthorized || !_renewOnUnauthorized || !CarriedToken(request, token))
        {
            return null;
        }

        try
        {
            // SPiD's platform API answers a missing scope with 401, and no new token would mend that.
            if (await Refusal.IsInsufficientScopeAsync(response, _source.TimeProvider, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            // Also when the request cannot be repeated: the next one shall not run into the same refusal. The entry is looked up
            // again, for options that have changed since the request left have another one.
            TokenEntry entry = EntryFor(RequestOverrides.Get(request));
            ServerToken? renewed = await entry.RenewAsync(token, cancellationToken).ConfigureAwait(false);
            return renewed is not null && PrepareReplay(request, sent) ? renewed : null;
        }
        catch (SpidException exception)
        {
            Log.RenewalFailed(_logger, AllowedOrigins.NameOf(request.RequestUri), exception.Kind, exception.OAuthError ?? "none");
            return null;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A redirect changes the message in place: the token is off and the URL is another, perhaps of a stranger. Then no token was
    /// refused, and none goes there.
    /// </summary>
    private static bool CarriedToken(HttpRequestMessage request, ServerToken token) =>
        ReferenceEquals(request.Headers.Authorization, token.Authorization);

    private bool PrepareReplay(HttpRequestMessage request, HttpContent? sent)
    {
        if (!Replay.TryPrepare(sent, out HttpContent? body))
        {
            Log.ReplayImpossible(_logger, AllowedOrigins.NameOf(request.RequestUri));
            return false;
        }

        // Handlers below may have put another content in the place of the first one; they do so again.
        request.Content = body;
        Log.RequestReplayed(_logger, AllowedOrigins.NameOf(request.RequestUri));
        return true;
    }
}
