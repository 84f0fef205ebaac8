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
    private readonly TimeSpan _refusedFor;
    private readonly IntrospectionBreaker _breaker;
    private readonly IntrospectionCall _call;

    /// <param name="endpoint">The endpoint.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="parts">What a verifier is made of.</param>
    /// <param name="previous">What guarded the calls to this endpoint, with the same credentials, before settings changed. Its calls may be under way.</param>
    public IntrospectionBounds(ITokenStatusEndpoint endpoint, VerifierSettings settings, VerifierParts parts, IntrospectionBounds? previous = null)
    {
        _settings = settings.Introspection;
        _refusedFor = settings.Cache.NegativeMaximumAge;
        _telemetry = parts.Telemetry;
        Health = new IntrospectionHealth(settings, parts, endpoint.Address, previous?.Health);
        _gate = previous?._gate ?? new IntrospectionGate(_settings);
        _gate.Resize(_settings);
        _breaker = previous is not null && _settings.BreakDuration == previous._settings.BreakDuration
            ? previous._breaker
            : new IntrospectionBreaker(_settings, parts.TimeProvider, Health.Break);
        _call = new IntrospectionCall(endpoint, parts);
        Probe = new CredentialsProbe(endpoint, _call, Health, _settings, parts.TimeProvider, previous?.Probe);
    }

    public IntrospectionHealth Health { get; }

    public CredentialsProbe Probe { get; }

    /// <summary>Finds what keeps calls away for now, which costs no call and no exception.</summary>
    public IntrospectionOutcome? FindObstacle()
    {
        IntrospectionOutcome? obstacle = (Health.Pause.Current, Health.Break.Current) switch
        {
            ({ } pause, _) => IntrospectionOutcome.Failed(pause.Error, pause.Left),
            (null, { } pause) => IntrospectionOutcome.NotAsked(SpidVerificationReason.CircuitOpen, pause.Left),

            // After a break one call shows whether the endpoint works again.
            _ => _breaker.IsTesting ? IntrospectionOutcome.NotAsked(SpidVerificationReason.CircuitOpen) : null,
        };
        if (obstacle is not null)
        {
            _telemetry.IntrospectionRejected("breaker");
        }

        return obstacle;
    }

    /// <summary>Asks about a token, unless something keeps calls away. That the time is up is a failure of the endpoint; that the caller gives up is not.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<IntrospectionOutcome> CallAsync(string token, CancellationToken timeoutToken, CancellationToken callerToken)
    {
        if (FindObstacle() is { } obstacle)
        {
            return obstacle;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeoutToken, callerToken);
        if (!await TryEnterAsync(linked.Token, callerToken).ConfigureAwait(false))
        {
            _telemetry.IntrospectionRejected("bulkhead");
            return IntrospectionOutcome.NotAsked(SpidVerificationReason.TooManyCalls);
        }

        try
        {
            // Those that waited must not go on where those before them were sent away.
            return FindObstacle() ?? await SendAsync(token, linked.Token, callerToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Asks about a made-up token, past all that keeps calls away.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<IntrospectionOutcome> TestAsync(CancellationToken linkedToken, CancellationToken callerToken)
    {
        try
        {
            return OutcomeOf(await Probe.AskAsync(linkedToken, callerToken).ConfigureAwait(false));
        }
        catch (SpidException exception)
        {
            return OutcomeOf(exception);
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<IntrospectionOutcome> SendAsync(string token, CancellationToken linkedToken, CancellationToken callerToken)
    {
        try
        {
            TokenStatusAnswer answer = await _breaker.Pipeline.ExecuteAsync(
                static async (state, _) => await state.Bounds.SendOnceAsync(state.Token, state.Linked, state.Caller).ConfigureAwait(false),
                (Bounds: this, Token: token, Linked: linkedToken, Caller: callerToken),
                CancellationToken.None).ConfigureAwait(false);
            return OutcomeOf(answer);
        }
        catch (SpidException exception)
        {
            return OutcomeOf(exception);
        }
        catch (BrokenCircuitException exception)
        {
            // The break began after the look at it.
            _telemetry.IntrospectionRejected("breaker");
            return IntrospectionOutcome.NotAsked(SpidVerificationReason.CircuitOpen, exception.RetryAfter);
        }
    }

    private IntrospectionOutcome OutcomeOf(TokenStatusAnswer answer) => IntrospectionOutcome.Of(answer, _refusedFor);

    private IntrospectionOutcome OutcomeOf(SpidException exception) => IntrospectionOutcome.Failed(exception, _settings.Bounded(exception.RetryAfter));

    private async Task<TokenStatusAnswer> SendOnceAsync(string token, CancellationToken linkedToken, CancellationToken callerToken)
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

    /// <summary>Gives <see langword="false"/> when there is no turn, at once or in time.</summary>
    private async Task<bool> TryEnterAsync(CancellationToken linkedToken, CancellationToken callerToken)
    {
        try
        {
            return await _gate.TryEnterAsync(linkedToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!callerToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
