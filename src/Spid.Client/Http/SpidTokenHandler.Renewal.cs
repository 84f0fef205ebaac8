using System.Net;
using Microsoft.Extensions.Logging;
using Spid.Client.Diagnostics;
using Spid.Client.Tokens;

namespace Spid.Client.Http;

/// <content>What happens when the service refuses the token.</content>
public sealed partial class SpidTokenHandler
{
    private async Task<HttpResponseMessage> WatchAsync(
        Task<HttpResponseMessage> sending, HttpRequestMessage request, HttpContent? sent, ServerToken token, HandlerParts parts, CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response = await sending.ConfigureAwait(false);
            if (response?.StatusCode == HttpStatusCode.Unauthorized)
            {
                // What only a refusal needs is in a method of its own, for this one is allocated by every request that waits for its answer.
                response = await RepeatAsync(response, request, sent, token, parts, cancellationToken).ConfigureAwait(false);
            }

            parts.Attached.RemoveFromCopy(response, request);
            return response!;
        }
        catch (TokenWithheldException exception)
        {
            throw exception.Refusal;
        }
        finally
        {
            AttachedTokens.RemoveFrom(request);
        }
    }

    private async Task<HttpResponseMessage> RepeatAsync(
        HttpResponseMessage response, HttpRequestMessage request, HttpContent? sent, ServerToken token, HandlerParts parts, CancellationToken cancellationToken)
    {
        ServerToken? renewed = await RenewAsync(response, request, sent, token, parts, cancellationToken).ConfigureAwait(false);
        if (renewed is null)
        {
            return response;
        }

        // An undisposed response would keep its connection out of the pool.
        response.Dispose();
        return await SendWithAsync(renewed, request, parts, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Gets the token to repeat the request with, its body being in place, or <see langword="null"/> when the answer belongs to the caller.
    /// </summary>
    private static async ValueTask<ServerToken?> RenewAsync(
        HttpResponseMessage response, HttpRequestMessage request, HttpContent? sent, ServerToken token, HandlerParts parts, CancellationToken cancellationToken)
    {
        if (response?.StatusCode != HttpStatusCode.Unauthorized || !parts.RenewOnUnauthorized || !CarriedToken(response, request, token))
        {
            return null;
        }

        try
        {
            // SPiD's platform API answers a missing scope with 401, and no new token would mend that.
            if (await Refusal.IsInsufficientScopeAsync(response, parts.Source.TimeProvider, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            // Also when the request cannot be repeated: the next one shall not run into the same refusal. The entry is looked up
            // again, for options that have changed since the request left have another one.
            ITokenEntry entry = parts.EntryFor(RequestOverrides.Get(request));
            ServerToken? renewed = await entry.RenewAsync(token, cancellationToken).ConfigureAwait(false);
            return renewed is not null && PrepareReplay(request, sent, parts.Logger) ? renewed : null;
        }
        catch (SpidException exception)
        {
            Log.RenewalFailed(parts.Logger, AllowedOrigins.NameOf(request.RequestUri), exception.Kind, exception.OAuthError ?? "none");
            return null;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested && !parts.Source.IsOwn)
        {
            // A provider of the application's own may throw anything.
            Log.RenewalFailed(parts.Logger, AllowedOrigins.NameOf(request.RequestUri), SpidErrorKind.Transient, "none");
            return null;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A redirect changes the message in place, or is followed with another message: the token is removed and the URL may be of an origin that
    /// is not allowed. In that case the 401 does not refer to the token, and no renewed token must be sent there.
    /// </summary>
    private static bool CarriedToken(HttpResponseMessage response, HttpRequestMessage request, ServerToken token) =>
        ReferenceEquals(request.Headers.Authorization, token.Authorization)
        && (response.RequestMessage is not { } sent || sent == request || token.Authorization.Equals(sent.Headers.Authorization));

    private static bool PrepareReplay(HttpRequestMessage request, HttpContent? sent, ILogger logger)
    {
        if (!Replay.TryPrepare(sent, out HttpContent? body))
        {
            Log.ReplayImpossible(logger, AllowedOrigins.NameOf(request.RequestUri));
            return false;
        }

        // Handlers below may have put another content in the place of the first one; they do so again.
        request.Content = body;
        Log.RequestReplayed(logger, AllowedOrigins.NameOf(request.RequestUri));
        return true;
    }
}
