using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Introspection;

/// <summary>Asks SPiD about tokens, by introspection or look-up, within bounds: one timeout, and for each endpoint a limit of calls under way and a circuit breaker. No retries.</summary>
internal sealed class IntrospectionClient : ISpidTokenIntrospector, IDisposable
{
    private readonly VerifierSettings _settings;
    private readonly VerifierParts _parts;
    private readonly IntrospectionBounds _introspection;
    private readonly TokenLookUp? _lookUpEndpoint;
    private readonly IntrospectionBounds? _lookUp;

    public IntrospectionClient(VerifierSettings settings, VerifierParts parts)
        : this(settings, parts, previous: null)
    {
    }

    private IntrospectionClient(VerifierSettings settings, VerifierParts parts, IntrospectionClient? previous)
    {
        _settings = settings;
        _parts = parts;
        IntrospectionBounds? introspection = previous is not null && settings.IntrospectsAs(previous._settings) ? previous._introspection : null;
        _introspection = new IntrospectionBounds(new IntrospectionEndpoint(settings, parts), settings, parts, introspection);
        if (settings.LookUpOpaqueTokens)
        {
            IntrospectionClient? lookingUp = previous is not null && settings.LooksUpAs(previous._settings) ? previous : null;
            _lookUpEndpoint = lookingUp?._lookUpEndpoint ?? new TokenLookUp(settings, parts);
            _lookUp = new IntrospectionBounds(_lookUpEndpoint, settings, parts, lookingUp?._lookUp);
        }
    }

    /// <summary>Gets the state of introspection.</summary>
    public IntrospectionStatus Status => _introspection.Health.Status;

    /// <summary>Gets the state of the look-up of opaque tokens.</summary>
    public IntrospectionStatus LookUpStatus => _lookUp?.Health.Status ?? IntrospectionStatus.Working;

    /// <summary>Gets a task that ends with the latest probe of the credentials.</summary>
    public Task Probe => _introspection.Probe.Running;

    /// <summary>
    /// Creates the client of changed settings. Pauses, circuit breakers and the turns of calls under way stay, as long as it asks the same endpoint with the
    /// same credentials.
    /// </summary>
    public IntrospectionClient With(VerifierSettings changed) => new(changed, _parts, this);

    /// <summary>Asks for a verifier: whatever goes wrong is an outcome. The token is not empty.</summary>
    public async Task<IntrospectionOutcome> TryIntrospectAsync(string token, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = StartTimeout();
        return await _introspection.CallAsync(token, timeout.Token, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks within a time that has begun already. That it is up is a fault of the endpoint; that the caller gives up is not.</summary>
    public Task<IntrospectionOutcome> TryIntrospectAsync(string token, CancellationToken timeoutToken, CancellationToken callerToken) =>
        _introspection.CallAsync(token, timeoutToken, callerToken);

    /// <summary>Looks up a token that is no JWT, as <see cref="TryIntrospectAsync(string, CancellationToken, CancellationToken)"/> introspects others.</summary>
    public Task<IntrospectionOutcome> TryLookUpAsync(string token, CancellationToken timeoutToken, CancellationToken callerToken) =>
        _lookUp!.CallAsync(token, timeoutToken, callerToken);

    /// <summary>Finds what keeps introspections or look-ups away for now, before one is begun.</summary>
    public IntrospectionOutcome? FindObstacle(bool toLookUp) => (toLookUp ? _lookUp! : _introspection).FindObstacle();

    /// <summary>Asks about a made-up token. Whatever the answer, it has no effect on real tokens unless it refuses the credentials.</summary>
    public async Task<IntrospectionOutcome> TestAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = StartTimeout();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        return await _introspection.TestAsync(linked.Token, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<SpidIntrospectionResult> IntrospectAsync(string token, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        if (!_settings.CanIntrospect)
        {
            throw new InvalidOperationException("Introspection needs credentials: set ClientId and ClientSecret, and Mode to Auto or Remote.");
        }

        IntrospectionOutcome outcome = await TryIntrospectAsync(token, cancellationToken).ConfigureAwait(false);
        return outcome.Answer ?? throw outcome.ToException();
    }

    /// <summary>Stops what goes on without requests, unless the client that takes its place goes on with it.</summary>
    public void Retire(IntrospectionClient successor)
    {
        if (_lookUpEndpoint != successor._lookUpEndpoint)
        {
            _lookUpEndpoint?.Dispose();
        }
    }

    public void Dispose()
    {
        _lookUpEndpoint?.Dispose();
        _lookUp?.Dispose();
        _introspection.Dispose();
    }

    private CancellationTokenSource StartTimeout() => new(_settings.Introspection.Timeout, _parts.TimeProvider);
}
