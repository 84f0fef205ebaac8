using Polly;
using Polly.CircuitBreaker;
using Spid.Client;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>Lets through the calls that SPiD and this process can bear: none while SPiD is left alone, so many at once, and through a circuit breaker.</summary>
internal sealed class IntrospectionBounds : IDisposable
{
    private readonly VerifierTelemetry _telemetry;
    private readonly IntrospectionPause _pause;
    private readonly IntrospectionGate _gate;
    private readonly ResiliencePipeline _breaker;
    private readonly IntrospectionCall _call;

    public IntrospectionBounds(VerifierSettings settings, VerifierParts parts, IntrospectionHealth health)
    {
        _telemetry = parts.Telemetry;
        _pause = health.Pause;
        _gate = new IntrospectionGate(settings.Introspection);
        _breaker = IntrospectionBreaker.Create(settings.Introspection, parts.TimeProvider, health.Break);
        _call = new IntrospectionCall(settings, parts, health);
    }

    /// <exception cref="SpidException">The endpoint failed, lately or now.</exception>
    /// <exception cref="IntrospectionRejectedException">The endpoint is not asked, to spare it or this process.</exception>
    public async Task<SpidIntrospectionResult> CallAsync(string token, TokenLookUp? lookUp, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        ThrowIfPaused();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeIsUp, cancellationToken);
        await EnterAsync(either.Token, cancellationToken).ConfigureAwait(false);
        try
        {
            // Those that waited must not go on where those before them were sent away.
            ThrowIfPaused();
            return await _breaker.ExecuteAsync(
                static async (state, _) => await state.Call.SendAsync(state.Token, state.LookUp, state.Either, state.Caller).ConfigureAwait(false),
                (Call: _call, Token: token, LookUp: lookUp, Either: either.Token, Caller: cancellationToken),
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

    private void ThrowIfPaused()
    {
        if (_pause.Current is { } pause)
        {
            _telemetry.IntrospectionRejected("breaker");
            throw new SpidException(pause.Error.Kind, pause.Error.Message, statusCode: pause.Error.SpidStatusCode) { OAuthError = pause.Error.OAuthError, RetryAfter = pause.Left };
        }
    }

    private async Task EnterAsync(CancellationToken either, CancellationToken caller)
    {
        try
        {
            if (await _gate.TryEnterAsync(either).ConfigureAwait(false))
            {
                return;
            }
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            // The turn did not come in time.
        }

        _telemetry.IntrospectionRejected("bulkhead");
        throw new IntrospectionRejectedException(SpidVerificationReason.TooManyCalls, null);
    }
}
