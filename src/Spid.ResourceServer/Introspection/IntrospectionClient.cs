using Spid.Client;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>Asks SPiD about tokens, by introspection or look-up, within bounds: one timeout, a limit of calls under way, a circuit breaker, and no retries.</summary>
internal sealed class IntrospectionClient : ISpidTokenIntrospector, IDisposable
{
    private readonly VerifierSettings _settings;
    private readonly TimeProvider _timeProvider;
    private readonly IntrospectionHealth _health;
    private readonly IntrospectionBounds _bounds;
    private readonly TokenLookUp? _lookUp;

    public IntrospectionClient(VerifierSettings settings, VerifierParts parts)
    {
        _settings = settings;
        _timeProvider = parts.TimeProvider;
        _health = new IntrospectionHealth(settings, parts);
        _bounds = new IntrospectionBounds(settings, parts, _health);
        _lookUp = settings.LookUpOpaqueTokens ? new TokenLookUp(settings, parts) : null;
    }

    public IntrospectionStatus Status => _health.Status;

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
            return await _bounds.CallAsync(token, null, limit.Token, cancellationToken).ConfigureAwait(false);
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
        _bounds.Dispose();
    }

    private static SpidVerificationReason ReasonOf(SpidException exception) => exception.Kind switch
    {
        SpidErrorKind.Configuration => SpidVerificationReason.CredentialsRefused,
        SpidErrorKind.Throttled => SpidVerificationReason.Throttled,
        _ => SpidVerificationReason.IntrospectionFailed,
    };

    private CancellationTokenSource StartLimit() => new(_settings.Introspection.Timeout, _timeProvider);

    private async Task<IntrospectionOutcome> TryAskAsync(string token, TokenLookUp? lookUp, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        try
        {
            return new IntrospectionOutcome(await _bounds.CallAsync(token, lookUp, timeIsUp, cancellationToken).ConfigureAwait(false), SpidVerificationReason.None, null);
        }
        catch (IntrospectionRejectedException exception)
        {
            return new IntrospectionOutcome(null, exception.Reason, exception.RetryAfter);
        }
        catch (SpidException exception)
        {
            return new IntrospectionOutcome(null, ReasonOf(exception), _settings.Introspection.Bounded(exception.RetryAfter));
        }
    }
}
