using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Spid.Client.Diagnostics;
using Spid.Client.Tokens;

namespace Spid.Client.Http;

/// <summary>Attaches a server token to each request, and repeats a request once with a renewed token when the service answers 401.</summary>
/// <remarks>
/// Thread-safe. In a host use <c>AddSpidTokenHandler</c>. No request leaves without its token unless it says <c>WithoutSpidToken</c>
/// or has an <c>Authorization</c> header of its own, and no token goes to an origin that is not allowed.
/// </remarks>
public sealed partial class SpidTokenHandler : DelegatingHandler
{
    private readonly TokenSource _source;
    private readonly Func<AllowedOrigins> _findOrigins;
    private readonly bool _renewOnUnauthorized;
    private readonly long _replayBufferLimit;
    private readonly ILogger _logger;
    private readonly Lazy<SpidTokenHandler>? _beforeFirstRequest;
    private AllowedOrigins? _origins;

    /// <summary>Creates a handler for an <see cref="HttpClient"/> that is made by hand.</summary>
    /// <param name="client">Gives the tokens; it outlives the handler and stays yours to dispose.</param>
    /// <param name="options">The options; <see cref="SpidTokenHandlerOptions.AllowedOrigins"/> must name the service. Later changes have no effect.</param>
    /// <exception cref="OptionsValidationException">The options cannot work; the message names each fault.</exception>
    public SpidTokenHandler(TokenClient client, SpidTokenHandlerOptions options)
        : this(client, Validated(options), findBaseAddress: () => null, httpClientName: "", NullLogger.Instance)
    {
    }

    internal SpidTokenHandler(
        TokenClient client,
        SpidTokenHandlerOptions options,
        Func<Uri?> findBaseAddress,
        string httpClientName,
        ILogger logger,
        Action<SpidTokenHandler>? beforeFirstRequest = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        bool hasOwnRequest = !string.IsNullOrEmpty(options.Scope) || options.Resources.Count > 0;
        _source = new TokenSource(client, hasOwnRequest ? new TokenRequest(options.Scope, [.. options.Resources]) : null);
        _findOrigins = () => new AllowedOrigins(options, findBaseAddress(), httpClientName);
        _renewOnUnauthorized = options.RenewOnUnauthorized;
        _replayBufferLimit = options.ReplayBufferLimit;
        _logger = new SafeLogger(logger);
        _beforeFirstRequest = beforeFirstRequest is null ? null : new Lazy<SpidTokenHandler>(() =>
        {
            beforeFirstRequest(this);
            return this;
        });
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        _ = _beforeFirstRequest?.Value;
        if (!TryPrepare(request, out TokenEntry? entry))
        {
            return base.SendAsync(request, cancellationToken);
        }

        if (_replayBufferLimit > 0 || !entry.TryGet(out ServerToken? token))
        {
            return SendWaitingAsync(request, entry, cancellationToken);
        }

        request.Headers.Authorization = token.Authorization;
        Task<HttpResponseMessage> sending = base.SendAsync(request, cancellationToken);

        // A response that is there already needs no async frame, unless it is the refusal of the token.
        return sending.IsCompletedSuccessfully && sending.Result.StatusCode != HttpStatusCode.Unauthorized
            ? sending
            : WatchAsync(sending, request, token, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Blocks while a token is requested; with a token in the cache nothing blocks.</remarks>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        _ = _beforeFirstRequest?.Value;
        if (!TryPrepare(request, out TokenEntry? entry))
        {
            return base.Send(request, cancellationToken);
        }

        // The shared fetch runs on pool threads without a synchronization context, so waiting for it cannot deadlock.
        BufferAsync(request, cancellationToken).GetAwaiter().GetResult();
        ServerToken token = entry.TryGet(out ServerToken? cached) ? cached : entry.GetAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
        request.Headers.Authorization = token.Authorization;
        HttpResponseMessage response = base.Send(request, cancellationToken);
        ServerToken? renewed = RenewAsync(response, request, token, cancellationToken).AsTask().GetAwaiter().GetResult();
        if (renewed is null)
        {
            return response;
        }

        response.Dispose();
        request.Headers.Authorization = renewed.Authorization;
        return base.Send(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Says whether the caller set the header, and takes off one that this library left on the request.</summary>
    private static bool HasCallersAuthorization(HttpRequestHeaders headers)
    {
        AuthenticationHeaderValue? existing = headers.Authorization;
        if (existing is ServerToken.BearerHeaderValue)
        {
            // A handler above this one sends the request again: the token of the last time may have been renewed since.
            headers.Authorization = null;
            return false;
        }

        // A value that is no scheme with credentials cannot be parsed, and is the caller's all the same.
        return existing is not null || headers.NonValidated.Contains("Authorization");
    }

    private static SpidTokenHandlerOptions Validated(SpidTokenHandlerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] errors = [.. SpidTokenHandlerOptionsRules.FindErrors(options)];
        return errors.Length == 0 ? options : throw new OptionsValidationException("", typeof(SpidTokenHandlerOptions), errors);
    }

    /// <summary>Finds the entry of the token that the request must carry; <see langword="false"/> when it carries none of ours.</summary>
    private bool TryPrepare(HttpRequestMessage request, [NotNullWhen(true)] out TokenEntry? entry)
    {
        entry = null;
        HttpRequestHeaders headers = request.Headers;
        if (headers.NonValidated.Count > 0 && HasCallersAuthorization(headers))
        {
            Log.AuthorizationKept(_logger);
            return false;
        }

        RequestOverrides overrides = RequestOverrides.Get(request);
        if (overrides.WithoutToken)
        {
            return false;
        }

        AllowedOrigins origins = FindOrigins();
        if (!origins.Allows(request.RequestUri))
        {
            throw origins.Refuse(request.RequestUri);
        }

        entry = EntryFor(overrides);
        return true;
    }

    /// <summary>Found by the first request: the application's own code tells the base address, and what it throws concerns that request alone.</summary>
    private AllowedOrigins FindOrigins()
    {
        AllowedOrigins? origins = Volatile.Read(ref _origins);
        if (origins is null)
        {
            origins = _findOrigins();
            Volatile.Write(ref _origins, origins);
        }

        return origins;
    }

    private TokenEntry EntryFor(RequestOverrides overrides) => overrides.Token is null ? _source.Entry : _source.For(overrides.Token);

    private async Task<HttpResponseMessage> SendWaitingAsync(HttpRequestMessage request, TokenEntry entry, CancellationToken cancellationToken)
    {
        await BufferAsync(request, cancellationToken).ConfigureAwait(false);
        ServerToken token = await entry.GetAsync(cancellationToken).ConfigureAwait(false);
        request.Headers.Authorization = token.Authorization;
        Task<HttpResponseMessage> sending = base.SendAsync(request, cancellationToken);
        return await WatchAsync(sending, request, token, cancellationToken).ConfigureAwait(false);
    }
}
