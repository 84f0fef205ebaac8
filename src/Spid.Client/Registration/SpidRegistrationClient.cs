using System.Net;
using Spid.Client.Settings;
using Spid.Client.Tokens;

namespace Spid.Client.Registration;

/// <summary>Registers further clients of a merchant (<c>POST /oauth/register</c>, RFC 7591), authorised by a server token.</summary>
/// <remarks>
/// Thread-safe. Registered beside the SPiD client by <c>AddSpidClientCredentials</c>. A registration is sent once: repeating it after
/// a timeout could register a second client. Only a refused token is renewed and the request repeated, for then nothing has happened.
/// </remarks>
public sealed class SpidRegistrationClient
{
    private readonly TokenClient _tokens;

    /// <summary>Creates a client.</summary>
    /// <param name="tokens">Gives the tokens and the connection to SPiD; it stays yours to dispose.</param>
    public SpidRegistrationClient(TokenClient tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        _tokens = tokens;
    }

    /// <summary>Registers a client.</summary>
    /// <param name="registration">What to register.</param>
    /// <param name="cancellationToken">Cancels waiting; whether SPiD has registered the client by then is unknown.</param>
    /// <returns>The new client with its secret.</returns>
    /// <exception cref="ArgumentException"><paramref name="registration"/> lacks a merchant, a name or an absolute address.</exception>
    /// <exception cref="SpidException">No token could be had, or SPiD refused: see <see cref="SpidException.OAuthError"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<SpidRegisteredClient> RegisterAsync(SpidRegistrationRequest registration, CancellationToken cancellationToken = default)
    {
        ThrowIfInvalid(registration);
        var wanted = new TokenRequest($"spid:merchants/{registration.Merchant}|write");

        // Options may change while a token is waited for: the token goes to the authority that gave it, and to no other.
        TokenCache cache = _tokens.Cache;
        ClientSettings settings = cache.Settings;
        TokenEntry entry = cache.Get(wanted);
        ServerToken token = await entry.GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await SendAsync(cache.Parts, settings, registration, token, cancellationToken).ConfigureAwait(false);
        }
        catch (SpidException exception) when (IsRefusedToken(exception))
        {
            ServerToken? renewed = await entry.RenewAsync(token, cancellationToken).ConfigureAwait(false);
            if (renewed is null)
            {
                throw;
            }

            return await SendAsync(cache.Parts, settings, registration, renewed, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void ThrowIfInvalid(SpidRegistrationRequest registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        if (string.IsNullOrEmpty(registration.Merchant) || registration.Merchant.Any(char.IsWhiteSpace))
        {
            throw new ArgumentException("Merchant is empty or has white space.", nameof(registration));
        }

        if (string.IsNullOrWhiteSpace(registration.ClientName))
        {
            throw new ArgumentException("ClientName is empty.", nameof(registration));
        }

        if (registration.ClientUri is not { IsAbsoluteUri: true } || registration.RedirectUris.Any(uri => !uri.IsAbsoluteUri))
        {
            throw new ArgumentException("ClientUri and RedirectUris must be absolute.", nameof(registration));
        }
    }

    private static bool IsRefusedToken(SpidException exception) =>
        exception is { SpidStatusCode: HttpStatusCode.Unauthorized, OAuthError: null or "invalid_token" or "expired_token" };

    /// <summary>
    /// Sends the registration once, so that the timeout of a whole token request serves as its timeout. It has a thread of its own, because a
    /// handler of the application may hold the thread or take no notice of a cancellation.
    /// </summary>
    private static async Task<SpidRegisteredClient> SendAsync(
        TokenClientParts parts, ClientSettings settings, SpidRegistrationRequest registration, ServerToken token, CancellationToken cancellationToken)
    {
        // Not disposed: the request may outlast this method, and without a timer of its own the source holds nothing to free.
        var left = new CancellationTokenSource();
        using var timeout = new CancellationTokenSource(settings.Resilience.Timeout, parts.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await Task.Run(() => ExchangeAsync(parts, settings, registration, token, left.Token), CancellationToken.None)
                .WaitAsync(linked.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failures.Unreachable(settings.RegistrationEndpoint, "it did not answer in time; the client may have been registered all the same", exception);
        }
        finally
        {
            ForeignCode.Tell(left, static left => left.Cancel());
        }
    }

    private static Task<SpidRegisteredClient> ExchangeAsync(
        TokenClientParts parts, ClientSettings settings, SpidRegistrationRequest registration, ServerToken token, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, settings.RegistrationEndpoint) { Content = RegistrationBody.Create(registration) };
        message.Headers.Authorization = token.Authorization;
        RequestHeaders.AddTo(message, settings.SendOidcHeader);
        return new Exchange<SpidRegisteredClient>(parts.GetHttpClient(), message, RegistrationAnswer.Read, parts.TimeProvider).SendAsync(cancellationToken);
    }
}
