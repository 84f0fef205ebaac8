using System.Net;
using System.Net.Http.Headers;
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
    private readonly Lock _gate = new();
    private readonly AsyncLocal<ServiceNameCall?> _serviceNameCall = new();
    private readonly Func<HandlerParts> _createParts;
    private readonly Action<SpidTokenHandler>? _beforeFirstRequest;
    private HandlerParts? _parts;

    /// <summary>Creates a handler for an <see cref="HttpClient"/> that is made by hand.</summary>
    /// <param name="client">Gives the tokens; it outlives the handler and stays yours to dispose.</param>
    /// <param name="options">The options; <see cref="SpidTokenHandlerOptions.AllowedOrigins"/> must name the service. Later changes have no effect.</param>
    /// <exception cref="OptionsValidationException">The options cannot work; the message names each fault.</exception>
    public SpidTokenHandler(TokenClient client, SpidTokenHandlerOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        var origins = new OriginPolicy(Validated(options), findBaseAddress: () => null, clientName: "", isGuarded: false);
        var parts = new HandlerParts(client, options, origins, NullLogger.Instance);
        _createParts = () => parts;
    }

    /// <param name="createParts">Runs until it succeeds, for the request in hand.</param>
    /// <param name="beforeFirstRequest">Runs once, when the handlers around this one are known.</param>
    internal SpidTokenHandler(Func<HandlerParts> createParts, Action<SpidTokenHandler> beforeFirstRequest)
    {
        _createParts = createParts;
        _beforeFirstRequest = beforeFirstRequest;
    }

    /// <summary>Gets what the handler works with.</summary>
    /// <exception cref="SpidException">The options of the handler or of its client are invalid.</exception>
    internal HandlerParts Parts => Volatile.Read(ref _parts) is { IsCurrent: true } parts ? parts : FindParts();

    /// <summary>Gets the request under way whose sender wrote a service name, or <see langword="null"/>; handlers in between pass it on with their execution context.</summary>
    internal ServiceNameCall? ServiceNameCall => _serviceNameCall.Value;

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        HandlerParts parts = Parts;
        if (!TryPrepare(request, parts, out RequestOverrides overrides))
        {
            return base.SendAsync(request, cancellationToken);
        }

        HttpContent? content = request.Content;
        bool records = Replay.IsToBeRecorded(content, parts.ReplayBufferLimit);
        if (records || parts.Origins.Current.IsServiceName(request.RequestUri!) || !parts.TryGet(overrides, out ServerToken? token))
        {
            return SendWaitingAsync(request, parts.EntryFor(overrides), records, parts, cancellationToken);
        }

        Task<HttpResponseMessage> sending = SendWithAsync(token, request, parts, cancellationToken);

        // A response that is there already needs no async frame, unless it is the refusal of the token.
        if (sending.IsCompletedSuccessfully && sending.Result?.StatusCode != HttpStatusCode.Unauthorized)
        {
            AttachedTokens.RemoveFrom(request);
            parts.Attached.RemoveFromCopy(sending.Result, request);
            return sending;
        }

        return WatchAsync(sending, request, content, token, parts, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Blocks while a token is requested; with a token in the cache nothing blocks.</remarks>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        HandlerParts parts = Parts;
        if (!TryPrepare(request, parts, out RequestOverrides overrides))
        {
            return base.Send(request, cancellationToken);
        }

        // The shared fetch runs on pool threads without a synchronization context, so waiting for it cannot deadlock.
        ServerToken token = parts.TryGet(overrides, out ServerToken? cached) ? cached : parts.EntryFor(overrides).GetAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
        HttpContent? sent = Replay.IsToBeRecorded(request.Content, parts.ReplayBufferLimit) ? Replay.Record(request, parts.ReplayBufferLimit) : request.Content;
        _serviceNameCall.Value = StartServiceNameCall(request, parts);
        try
        {
            parts.Attached.Attach(token, request);
            HttpResponseMessage response = base.Send(request, cancellationToken);
            ServerToken? renewed = RenewAsync(response, request, sent, token, parts, cancellationToken).AsTask().GetAwaiter().GetResult();
            if (renewed is not null)
            {
                response.Dispose();
                parts.Attached.Attach(renewed, request);
                response = base.Send(request, cancellationToken);
            }

            parts.Attached.RemoveFromCopy(response, request);
            return response;
        }
        catch (TokenWithheldException exception)
        {
            throw exception.Refusal;
        }
        finally
        {
            AttachedTokens.RemoveFrom(request);
            Replay.Restore(request, sent);
            _serviceNameCall.Value = null;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Volatile.Read(ref _parts)?.Source.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Outside of a service name the guard needs to know nothing of the request.</summary>
    private static ServiceNameCall? StartServiceNameCall(HttpRequestMessage request, HandlerParts parts) =>
        parts.Origins.Current.IsServiceName(request.RequestUri!) ? new ServiceNameCall() : null;

    private static SpidTokenHandlerOptions Validated(SpidTokenHandlerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] errors = [.. SpidTokenHandlerOptionsRules.FindErrors(options)];
        return errors.Length == 0 ? options : throw new OptionsValidationException("", typeof(SpidTokenHandlerOptions), errors);
    }

    /// <summary>Says whether the request must carry a token of this handler, and reads what it says about it.</summary>
    /// <exception cref="SpidException">It must not go to its origin with a token.</exception>
    private static bool TryPrepare(HttpRequestMessage request, HandlerParts parts, out RequestOverrides overrides)
    {
        overrides = default;
        HttpRequestHeaders headers = request.Headers;
        if (headers.NonValidated.Count > 0 && headers.NonValidated.Contains("Authorization"))
        {
            if (parts.Attached.IsCallersOwn(headers))
            {
                Log.AuthorizationKept(parts.Logger);
                return false;
            }

            headers.Authorization = null;
        }

        overrides = RequestOverrides.Get(request);
        if (overrides.WithoutToken)
        {
            return false;
        }

        parts.Origins.ThrowIfForbidden(request.RequestUri);
        return true;
    }

    /// <summary>What fails while the parts are found concerns the request in hand; the next one tries again.</summary>
    private HandlerParts FindParts()
    {
        HandlerParts created;
        try
        {
            created = _createParts();
        }
        catch (OptionsValidationException exception)
        {
            throw new SpidException(SpidErrorKind.Configuration, exception.Message, exception);
        }
        catch (Exception exception) when (exception is not (SpidException or ObjectDisposedException))
        {
            // Code of the application that configures options, a pipeline or an address.
            throw new SpidException(SpidErrorKind.Configuration, $"The token handler could not be set up: {exception.GetType().Name} in code that configures it.", exception);
        }

        lock (_gate)
        {
            if (_parts is { IsCurrent: true } current)
            {
                return current;
            }

            if (_parts is null)
            {
                _beforeFirstRequest?.Invoke(this);
            }

            created.Replace(_parts);
            Volatile.Write(ref _parts, created);
            return created;
        }
    }

    private async Task<HttpResponseMessage> SendWaitingAsync(
        HttpRequestMessage request, ITokenEntry entry, bool records, HandlerParts parts, CancellationToken cancellationToken)
    {
        ServerToken token = await entry.GetAsync(cancellationToken).ConfigureAwait(false);
        HttpContent? sent = records ? Replay.Record(request, parts.ReplayBufferLimit) : request.Content;
        _serviceNameCall.Value = StartServiceNameCall(request, parts);
        try
        {
            return await WatchAsync(SendWithAsync(token, request, parts, cancellationToken), request, sent, token, parts, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Replay.Restore(request, sent);
        }
    }

    /// <summary>Sends the request with a token. What a handler throws at once ends the same way as what it throws later.</summary>
    private Task<HttpResponseMessage> SendWithAsync(ServerToken token, HttpRequestMessage request, HandlerParts parts, CancellationToken cancellationToken)
    {
        parts.Attached.Attach(token, request);
        try
        {
            return base.SendAsync(request, cancellationToken);
        }
        catch (Exception exception)
        {
            return Task.FromException<HttpResponseMessage>(exception);
        }
    }
}
