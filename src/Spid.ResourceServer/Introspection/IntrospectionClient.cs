using System.Diagnostics;
using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Spid.Client;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>Asks SPiD about tokens, by introspection or look-up, within bounds: one timeout, a limit of calls under way, a circuit breaker, and no retries.</summary>
internal sealed class IntrospectionClient : ISpidTokenIntrospector, IDisposable
{
    private readonly VerifierSettings _settings;
    private readonly VerifierParts _parts;
    private readonly IntrospectionGate _gate;
    private readonly IntrospectionPause _pause;
    private readonly IntrospectionHealth _health;
    private readonly IntrospectionPause _break;
    private readonly ResiliencePipeline _breaker;
    private readonly TokenLookUp? _lookUp;

    public IntrospectionClient(VerifierSettings settings, VerifierParts parts)
    {
        _settings = settings;
        _parts = parts;
        _gate = new IntrospectionGate(settings.Introspection);
        var clock = new MonotonicClock(parts.TimeProvider);
        _pause = new IntrospectionPause(clock);
        _break = new IntrospectionPause(clock);
        _health = new IntrospectionHealth(settings.Name, parts.Logger);
        _breaker = IntrospectionBreaker.Create(settings.Introspection, parts.TimeProvider, _break);
        _lookUp = settings.LookUpOpaqueTokens ? new TokenLookUp(settings, parts) : null;
    }

    public IntrospectionStatus Status => _health.Status(isLeftAlone: _pause.Current is not null || _break.Current is not null);

    /// <summary>Asks for a verifier: whatever goes wrong is an outcome. The token is not empty.</summary>
    public async Task<IntrospectionOutcome> TryIntrospectAsync(string token, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = StartLimit();
        return await TryIntrospectAsync(token, limit.Token, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks within a time that has begun already. That it is up is a fault of the endpoint; that the caller gives up is not.</summary>
    public Task<IntrospectionOutcome> TryIntrospectAsync(string token, CancellationToken timeIsUp, CancellationToken cancellationToken) =>
        TryAskAsync(token, null, timeIsUp, cancellationToken);

    /// <summary>Looks up a token that is no JWT, as <see cref="TryIntrospectAsync(string, CancellationToken, CancellationToken)"/> introspects others.</summary>
    public Task<IntrospectionOutcome> TryLookUpAsync(string token, CancellationToken timeIsUp, CancellationToken cancellationToken) =>
        TryAskAsync(token, _lookUp, timeIsUp, cancellationToken);

    /// <inheritdoc/>
    public async Task<SpidIntrospectionResult> IntrospectAsync(string token, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        if (!_settings.CanIntrospect)
        {
            throw new InvalidOperationException("Introspection needs credentials: set ClientId and ClientSecret, and Mode to Auto or Remote.");
        }

        using CancellationTokenSource limit = StartLimit();
        try
        {
            return await CallAsync(token, null, limit.Token, cancellationToken).ConfigureAwait(false);
        }
        catch (IntrospectionRejectedException exception)
        {
            throw new SpidException(SpidErrorKind.Transient, exception.Message) { RetryAfter = exception.RetryAfter };
        }
    }

    /// <summary>Stops what goes on without requests.</summary>
    public void Retire() => _lookUp?.Dispose();

    public void Dispose()
    {
        _lookUp?.Dispose();
        _gate.Dispose();
    }

    private static SpidVerificationReason ReasonOf(SpidException exception) => exception.Kind switch
    {
        SpidErrorKind.Configuration => SpidVerificationReason.CredentialsRefused,
        SpidErrorKind.Throttled => SpidVerificationReason.Throttled,
        _ => SpidVerificationReason.IntrospectionFailed,
    };

    private async Task<IntrospectionOutcome> TryAskAsync(string token, TokenLookUp? lookUp, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        try
        {
            return new IntrospectionOutcome(await CallAsync(token, lookUp, timeIsUp, cancellationToken).ConfigureAwait(false), SpidVerificationReason.None, null);
        }
        catch (IntrospectionRejectedException exception)
        {
            return new IntrospectionOutcome(null, exception.Reason, exception.RetryAfter);
        }
        catch (SpidException exception)
        {
            return new IntrospectionOutcome(null, ReasonOf(exception), Bounded(exception.RetryAfter));
        }
    }

    private CancellationTokenSource StartLimit() => new(_settings.Introspection.Timeout, _parts.TimeProvider);

    /// <exception cref="SpidException">The endpoint failed, lately or now.</exception>
    /// <exception cref="IntrospectionRejectedException">The endpoint is not asked, to spare it or this process.</exception>
    private async Task<SpidIntrospectionResult> CallAsync(string token, TokenLookUp? lookUp, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        ThrowIfPaused();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeIsUp, cancellationToken);
        try
        {
            if (!await _gate.TryEnterAsync(either.Token).ConfigureAwait(false))
            {
                _parts.Telemetry.IntrospectionRejected("bulkhead");
                throw new IntrospectionRejectedException(SpidVerificationReason.TooManyCalls, null);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _parts.Telemetry.IntrospectionRejected("bulkhead");
            throw new IntrospectionRejectedException(SpidVerificationReason.TooManyCalls, null);
        }

        try
        {
            // Those that waited must not go on where those before them were sent away.
            ThrowIfPaused();
            return await _breaker.ExecuteAsync(
                static async (state, _) => await state.Client.SendAsync(state.Token, state.LookUp, state.Either, state.Caller).ConfigureAwait(false),
                (Client: this, Token: token, LookUp: lookUp, Either: either.Token, Caller: cancellationToken),
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (BrokenCircuitException exception)
        {
            _parts.Telemetry.IntrospectionRejected("breaker");
            throw new IntrospectionRejectedException(SpidVerificationReason.CircuitOpen, exception.RetryAfter);
        }
        finally
        {
            _gate.Leave();
        }
    }

    private void ThrowIfPaused()
    {
        if (_pause.Current is { } pause)
        {
            _parts.Telemetry.IntrospectionRejected("breaker");
            throw new SpidException(pause.Error.Kind, pause.Error.Message, statusCode: pause.Error.SpidStatusCode) { OAuthError = pause.Error.OAuthError, RetryAfter = pause.Left };
        }
    }

    private async Task<SpidIntrospectionResult> SendAsync(string token, TokenLookUp? lookUp, CancellationToken either, CancellationToken caller)
    {
        using Activity? activity = VerifierTelemetry.Start("spid.introspection", ActivityKind.Client);
        long startedAt = _parts.TimeProvider.GetTimestamp();
        string outcome = "cancelled";
        try
        {
            SpidIntrospectionResult answer = lookUp is null
                ? await IntrospectionEndpoint.RequestAsync(_parts.GetHttpClient(), _settings, token, either).ConfigureAwait(false)
                : await lookUp.RequestAsync(token, either).ConfigureAwait(false);
            outcome = answer.IsActive ? "active" : "inactive";
            _health.Worked();
            return answer;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !caller.IsCancellationRequested)
        {
            SpidException error = ErrorOf(exception, lookUp is null ? _settings.IntrospectionEndpoint : _settings.LookUpEndpoint);
            outcome = TagValues.Of(error.Kind);
            Note(error);
            throw error;
        }
        finally
        {
            _parts.Telemetry.Introspected(_parts.TimeProvider.GetElapsedTime(startedAt), outcome);
            activity?.SetTag(SpidVerificationDiagnostics.OutcomeTag, outcome);
            activity?.SetStatus(outcome is "active" or "inactive" ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        }
    }

    private static SpidException ErrorOf(Exception exception, Uri endpoint) => exception switch
    {
        SpidException error => Narrow(error),
        OperationCanceledException => Failures.Unreachable(endpoint, "it did not answer in time"),

        // A handler of the application cannot be made.
        _ => Failures.Unreachable(endpoint, $"there is no client for it ({exception.GetType().Name})", exception),
    };

    /// <summary>
    /// Only these statuses say that SPiD refuses this service. Others that blame the request, as for an address or a body that is too
    /// long, concern this call: a stranger chooses the token in it, and must not stop all others.
    /// </summary>
    private static SpidException Narrow(SpidException exception) =>
        exception.Kind != SpidErrorKind.Configuration
        || OAuthErrors.RefusesCredentials(exception.OAuthError)
        || exception.SpidStatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? exception
            : new SpidException(SpidErrorKind.Protocol, exception.Message, exception.InnerException, exception.SpidStatusCode) { OAuthError = exception.OAuthError };

    private void Note(SpidException exception)
    {
        _health.Failed(exception);
        TimeSpan? pause = exception.Kind == SpidErrorKind.Configuration ? _settings.Introspection.BreakDuration : exception.RetryAfter;
        if (Bounded(pause) is { } duration)
        {
            _pause.Begin(exception, duration);
        }
    }

    private TimeSpan? Bounded(TimeSpan? pause) => pause > _settings.Introspection.MaximumRetryAfter ? _settings.Introspection.MaximumRetryAfter : pause;
}
