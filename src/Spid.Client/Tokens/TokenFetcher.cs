using System.Diagnostics;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Spid.Client.Diagnostics;
using Spid.Client.Protocol;
using Spid.Client.Settings;

namespace Spid.Client.Tokens;

/// <summary>
/// Obtains one token from SPiD under one snapshot of the options: resilience around the request, the second secret, lifetime, logs and
/// metrics. Knows no cache.
/// </summary>
internal sealed class TokenFetcher(ClientSettings settings, TokenClientParts parts, ResiliencePipeline pipeline, ClientTelemetry telemetry, FailureMemory clientFailures)
{
    private volatile bool _prefersSecondarySecret;
    private int _warnedAboutComma;

    public ClientSettings Settings => settings;

    /// <summary>Gets the failures of these credentials that concern all tokens: refusals and rate limits.</summary>
    public FailureMemory ClientFailures => clientFailures;

    /// <summary>Says whether both use the same credentials, so that a failure of one is one of the other.</summary>
    public bool AuthenticatesAs(TokenFetcher other) => ReferenceEquals(clientFailures, other.ClientFailures);

    /// <summary>Creates a fetcher for changed settings. What was learned about credentials that stay the same is kept, and so is the state of the circuit breaker.</summary>
    public TokenFetcher With(ClientSettings changed, Func<FailureMemory> createFailures)
    {
        bool sameCredentials = changed.AuthenticatesAs(settings);
        return new TokenFetcher(
            changed,
            parts,
            changed.Resilience == settings.Resilience ? pipeline : parts.CreatePipeline(changed),
            telemetry,
            sameCredentials ? clientFailures : createFailures())
        {
            _prefersSecondarySecret = sameCredentials && _prefersSecondarySecret,
            _warnedAboutComma = _warnedAboutComma,
        };
    }

    /// <summary>Requests a token.</summary>
    /// <exception cref="SpidException">SPiD gave none, for whatever reason.</exception>
    public async Task<FetchedToken> FetchAsync(TokenRequest request, FetchCause cause, RefreshDeadline? deadline, CancellationToken cancellationToken)
    {
        using Activity? activity = ClientTelemetry.StartFetch(cause);
        long startedAt = parts.TimeProvider.GetTimestamp();
        SpidException? error = null;
        try
        {
            WarnAboutComma(request);
            Moment requestedAt = parts.TokenClock.Now;
            TokenAnswer answer = await RunPipelineAsync(request, cause.SingleAttempt, deadline, cancellationToken).ConfigureAwait(false);
            FetchedToken fetched = CreateToken(request, answer, requestedAt);
            Log.TokenObtained(parts.Logger, settings.Name, cause.Reason, Milliseconds(startedAt), (long)(fetched.Lifetime ?? default).TotalSeconds);
            return fetched;
        }
        catch (SpidException exception)
        {
            error = exception;
            throw;
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                telemetry.Requested(cause.Reason, parts.TimeProvider.GetElapsedTime(startedAt), error, activity);
            }
        }
    }

    private async Task<TokenAnswer> RunPipelineAsync(TokenRequest request, bool singleAttempt, RefreshDeadline? deadline, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(TokenPipeline.SingleAttempt, singleAttempt);
        if (deadline is not null)
        {
            context.Properties.Set(TokenPipeline.Deadline, deadline);
        }

        try
        {
            return await pipeline.ExecuteAsync(
                static async (context, state) => await state.Fetcher.RequestAsync(state.Request, context.CancellationToken).ConfigureAwait(false),
                context,
                (Fetcher: this, Request: request)).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            throw Failures.Unreachable(settings.TokenEndpoint, "it did not answer in time");
        }
        catch (BrokenCircuitException exception)
        {
            throw Failures.Suspended(settings.TokenEndpoint, exception.RetryAfter);
        }
        catch (Exception exception) when (exception is not SpidException && !cancellationToken.IsCancellationRequested)
        {
            // A handler or strategy of the user's own; callers shall still meet one family of exceptions.
            throw Failures.Unreachable(settings.TokenEndpoint, $"the HTTP pipeline failed ({exception.GetType().Name})", exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<TokenAnswer> RequestAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        bool secondary = _prefersSecondarySecret;
        try
        {
            return await SendAsync(request, secondary, cancellationToken).ConfigureAwait(false);
        }
        catch (SpidException refusal) when (settings.SecondarySecret is not null && OAuthErrors.MayRefuseSecret(refusal))
        {
            if (await TryOtherSecretAsync(request, !secondary, cancellationToken).ConfigureAwait(false) is not { } answer)
            {
                throw;
            }

            Log.SecretSwitched(parts.Logger, secondary ? nameof(SpidClientOptions.SecondaryClientSecret) : nameof(SpidClientOptions.ClientSecret), settings.Name);
            _prefersSecondarySecret = !secondary;
            return answer;
        }
    }

    /// <summary>
    /// Requests with the other secret; <see langword="null"/> when that may be refused as well. Then the first refusal stands: that a secret which
    /// comes second is not valid, or not valid yet, says nothing about the one that comes first.
    /// </summary>
    private async Task<TokenAnswer?> TryOtherSecretAsync(TokenRequest request, bool secondary, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(request, secondary, cancellationToken).ConfigureAwait(false);
        }
        catch (SpidException exception) when (OAuthErrors.MayRefuseSecret(exception))
        {
            return null;
        }
    }

    private Task<TokenAnswer> SendAsync(TokenRequest request, bool secondary, CancellationToken cancellationToken) => TokenEndpoint.RequestAsync(
        parts.GetHttpClient(), settings, secondary ? settings.SecondarySecret! : settings.Secret, request, parts.TimeProvider, cancellationToken);

    private FetchedToken CreateToken(TokenRequest request, TokenAnswer answer, Moment requestedAt)
    {
        DateTimeOffset requestedOn = DateTimeOffset.FromUnixTimeMilliseconds(requestedAt.Wall);
        TimeSpan? lifetime = answer.Lifetime is { } stated ? JwtTimes.BoundLifetime(answer.AccessToken, stated, requestedOn) : null;
        if (lifetime is null || lifetime <= TimeSpan.Zero)
        {
            lifetime = null;
            Log.TokenWithoutLifetime(parts.Logger, settings.Name);
        }

        WarnAboutNarrowedScope(request, answer);
        return new FetchedToken(new ServerToken(answer.AccessToken, requestedOn + lifetime, answer.Scope) { Request = request }, lifetime, requestedAt);
    }

    /// <summary>RFC 6749 section 3.3 allows a comma within a scope, so that it is sent; most often a space was meant. Said once.</summary>
    private void WarnAboutComma(TokenRequest request)
    {
        if (request.Scope?.Contains(',', StringComparison.Ordinal) == true && Interlocked.Exchange(ref _warnedAboutComma, 1) == 0)
        {
            Log.ScopeHasComma(parts.Logger, settings.Name, request.Scope);
        }
    }

    /// <summary>RFC 6749 section 5.1: a scope in the answer is the one granted, which may be less than was asked for.</summary>
    private void WarnAboutNarrowedScope(TokenRequest request, TokenAnswer answer)
    {
        if (answer.Scope is not null && answer.Scope != request.Scope && TokenRequest.SplitScope(request.Scope).Except(TokenRequest.SplitScope(answer.Scope)).Any())
        {
            Log.ScopeNarrowed(parts.Logger, settings.Name, request.Scope);
        }
    }

    private long Milliseconds(long startedAt) => (long)parts.TimeProvider.GetElapsedTime(startedAt).TotalMilliseconds;
}
