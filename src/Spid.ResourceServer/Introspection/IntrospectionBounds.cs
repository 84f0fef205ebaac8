using Polly;
using Polly.CircuitBreaker;
using Spid.Client;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>
/// Guards the calls to one endpoint: the pause that it asked for, the concurrency limit and the circuit breaker. Each endpoint has its own, so that an
/// outage of one is none of the other.
/// </summary>
internal sealed class IntrospectionBounds : IDisposable
{
    private readonly IntrospectionSettings _settings;
    private readonly VerifierTelemetry _telemetry;
    private readonly IntrospectionGate _gate;
    private readonly ResiliencePipeline _breaker;
    private readonly IntrospectionCall _call;

    /// <param name="endpoint">The endpoint.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="parts">What a verifier is made of.</param>
    /// <param name="previous">What guarded the calls to this endpoint, with the same credentials, before settings changed. Its calls may be under way.</param>
    public IntrospectionBounds(ITokenStatusEndpoint endpoint, VerifierSettings settings, VerifierParts parts, IntrospectionBounds? previous = null)
    {
        _settings = settings.Introspection;
        _telemetry = parts.Telemetry;
        Health = new IntrospectionHealth(settings, parts, endpoint.Address, previous?.Health);
        _gate = previous is not null && _settings.HasSameLimitsAs(previous._settings) ? previous._gate : new IntrospectionGate(_settings);
        _breaker = previous is not null && _settings.BreakDuration == previous._settings.BreakDuration
            ? previous._breaker
            : CreateBreaker(parts.TimeProvider);
        _call = new IntrospectionCall(endpoint, parts);
        Probe = new CredentialsProbe(endpoint, _call, Health, _settings, parts.TimeProvider, previous?.Probe);
    }

    public IntrospectionHealth Health { get; }

    public CredentialsProbe Probe { get; }

    /// <exception cref="SpidException">The endpoint failed, lately or now.</exception>
    /// <exception cref="IntrospectionRejectedException">The endpoint is not asked, to spare it or this process.</exception>
    public async Task<TokenStatusAnswer> CallAsync(string token, CancellationToken timeoutToken, CancellationToken callerToken)
    {
        ThrowIfPaused();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeoutToken, callerToken);
        await EnterAsync(linked.Token, callerToken).ConfigureAwait(false);
        try
        {
            // Those that waited must not go on where those before them were sent away.
            ThrowIfPaused();
            return await _breaker.ExecuteAsync(
                static async (state, _) => await state.Bounds.SendAsync(state.Token, state.Linked, state.Caller).ConfigureAwait(false),
                (Bounds: this, Token: token, Linked: linked.Token, Caller: callerToken),
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (BrokenCircuitException exception)
        {
            _telemetry.IntrospectionRejected("breaker");
            throw new IntrospectionRejectedException(SpidVerificationReason.CircuitOpen, exception.RetryAfter);
        }
        finally
        {
            _gate.Leave();
        }
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>Creates a circuit breaker, which starts closed. The break that another one has begun goes on as a pause.</summary>
    private ResiliencePipeline CreateBreaker(TimeProvider timeProvider)
    {
        if (Health.Break.Current is { } pause)
        {
            Health.Pause.Begin(pause.Error, pause.Left);
        }

        return IntrospectionBreaker.Create(_settings, timeProvider, Health.Break);
    }

    private async Task<TokenStatusAnswer> SendAsync(string token, CancellationToken linkedToken, CancellationToken callerToken)
    {
        TokenStatusAnswer answer;
        try
        {
            answer = await _call.SendAsync(token, linkedToken, callerToken).ConfigureAwait(false);
        }
        catch (SpidException exception)
        {
            Health.Failed(exception);
            throw;
        }

        Note(answer);
        return answer;
    }

    private void Note(TokenStatusAnswer answer)
    {
        if (answer.Fault is not { } fault)
        {
            Health.Worked();
            Probe.NoteAnswer();
            return;
        }

        Health.RefusedToken(fault);
        if (answer.LeavesCredentialsInDoubt)
        {
            Probe.Start();
        }
    }

    private void ThrowIfPaused()
    {
        if (Health.Pause.Current is { } pause)
        {
            _telemetry.IntrospectionRejected("breaker");
            throw new SpidException(pause.Error.Kind, pause.Error.Message, statusCode: pause.Error.SpidStatusCode) { OAuthError = pause.Error.OAuthError, RetryAfter = pause.Left };
        }
    }

    private async Task EnterAsync(CancellationToken linkedToken, CancellationToken callerToken)
    {
        try
        {
            if (await _gate.TryEnterAsync(linkedToken).ConfigureAwait(false))
            {
                return;
            }
        }
        catch (OperationCanceledException) when (!callerToken.IsCancellationRequested)
        {
            // The turn did not come in time.
        }

        _telemetry.IntrospectionRejected("bulkhead");
        throw new IntrospectionRejectedException(SpidVerificationReason.TooManyCalls, null);
    }
}
