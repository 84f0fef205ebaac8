using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Spid.Client.Diagnostics;
using Spid.Client.Protocol;
using Spid.Client.Settings;

namespace Spid.Client.Tokens;

/// <summary>
/// Obtains one token from SPiD under one snapshot of the options: the turn among other requests, the resilience around the request, the second
/// secret. <see cref="TokenFetch"/> keeps the total timeout. Knows no cache, and writes no log: <see cref="FetchReporter"/> tells what there is to tell.
/// </summary>
internal sealed class TokenFetcher(ClientSettings settings, TokenClientParts parts, ResiliencePipeline pipeline, Turns turns, FailureMemory clientFailures) : IDisposable
{
    private volatile bool _prefersSecondarySecret;

    public TokenFetcher(ClientSettings settings, TokenClientParts parts, FailureMemory clientFailures)
        : this(settings, parts, parts.CreatePipeline(settings), new Turns(settings.Resilience.MaximumConcurrency), clientFailures)
    {
    }

    public ClientSettings Settings => settings;

    /// <summary>Gets the failures of these credentials that concern all tokens: refusals and rate limits.</summary>
    public FailureMemory ClientFailures => clientFailures;

    /// <summary>Says whether both use the same credentials, so that a failure of one is one of the other.</summary>
    public bool AuthenticatesAs(TokenFetcher other) => ReferenceEquals(clientFailures, other.ClientFailures);

    /// <summary>
    /// Creates a fetcher for changed settings. What was learned about credentials that stay the same is kept, and so are the state of the circuit
    /// breaker and the requests that are under way.
    /// </summary>
    public TokenFetcher With(ClientSettings changed, Func<FailureMemory> createFailures)
    {
        bool sameCredentials = changed.AuthenticatesAs(settings);
        ResilienceSettings resilience = changed.Resilience;
        turns.Resize(resilience.MaximumConcurrency);
        return new TokenFetcher(
            changed,
            parts,
            resilience == settings.Resilience ? pipeline : parts.CreatePipeline(changed),
            turns,
            sameCredentials ? clientFailures : createFailures())
        {
            _prefersSecondarySecret = sameCredentials && _prefersSecondarySecret,
        };
    }

    /// <summary>Prepares a fetch, whose time runs from now on.</summary>
    public TokenFetch Prepare(TokenRequest request, FetchCause cause, RefreshDeadline? deadline, CancellationToken cancellationToken) =>
        new(request, cause, deadline, settings.Resilience.Timeout, parts.TimeProvider, cancellationToken);

    /// <summary>
    /// Requests the token. A strategy or handler of the application may hold the thread, or take no notice of a cancellation: so the thread must be
    /// one that the fetch has for itself, and <see cref="TokenFetch.Ended"/> is awaited instead of this. Throws nothing.
    /// </summary>
    public async Task RunAsync(TokenFetch fetch)
    {
        try
        {
            fetch.Activity = ClientTelemetry.StartFetch(fetch.Cause);

            // The turn stands around the pipeline, which applications may replace, and lasts until this thread is free again.
            await turns.EnterAsync(fetch.CancellationToken).ConfigureAwait(false);
            ResilienceContext context = ResilienceContextPool.Shared.Get(fetch.CancellationToken);
            try
            {
                fetch.IsInTurn = true;
                SetProperties(context, fetch);
                _ = await pipeline.ExecuteAsync(
                    static (context, state) => state.Fetcher.RequestAsync(state.Fetch, state.RequestedAt, context.CancellationToken),
                    context,
                    (Fetcher: this, Fetch: fetch, RequestedAt: parts.TokenClock.Now)).ConfigureAwait(false);
            }
            finally
            {
                ResilienceContextPool.Shared.Return(context);
                turns.Leave();
            }

            fetch.End(error: null);
        }
        catch (Exception exception)
        {
            fetch.End(Explain(exception, fetch));
        }
    }

    /// <summary>
    /// Tells what a fetch has come to that has ended. What the request brings after that is dropped: the callers have been told, and another fetch may
    /// be under way.
    /// </summary>
    public FetchResult Conclude(TokenFetch fetch, FetchEnd end)
    {
        FetchedToken? token = fetch.Token;
        SpidException? error = token is not null ? null : end.IsTimeout ? TimedOut(fetch) : end.Error;
        return new FetchResult(token, error, fetch.Elapsed);
    }

    public void Dispose() => turns.Dispose();

    private static void SetProperties(ResilienceContext context, TokenFetch fetch)
    {
        context.Properties.Set(TokenPipeline.SingleAttempt, fetch.Cause.SingleAttempt);
        if (fetch.Deadline is { } deadline)
        {
            context.Properties.Set(TokenPipeline.Deadline, deadline);
        }
    }

    private async ValueTask<TokenAnswer> RequestAsync(TokenFetch fetch, Moment requestedAt, CancellationToken cancellationToken)
    {
        bool secondary = _prefersSecondarySecret;
        Task<TokenAnswer> sending = settings.SecondarySecret is null
            ? SendAsync(fetch.Request, secondary: false, cancellationToken)
            : SendWithEitherSecretAsync(fetch, secondary, cancellationToken);
        TokenAnswer answer = await sending.ConfigureAwait(false);
        fetch.Token = CreateToken(fetch.Request, answer, requestedAt);
        return answer;
    }

    private async Task<TokenAnswer> SendWithEitherSecretAsync(TokenFetch fetch, bool secondary, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(fetch.Request, secondary, cancellationToken).ConfigureAwait(false);
        }
        catch (SpidException refusal) when (OAuthErrors.MayRefuseSecret(refusal))
        {
            if (await TryOtherSecretAsync(fetch.Request, !secondary, cancellationToken).ConfigureAwait(false) is not { } answer)
            {
                throw;
            }

            fetch.RefusedSecret = secondary ? nameof(SpidClientOptions.SecondaryClientSecret) : nameof(SpidClientOptions.ClientSecret);
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

    private static FetchedToken CreateToken(TokenRequest request, TokenAnswer answer, Moment requestedAt)
    {
        DateTimeOffset requestedOn = DateTimeOffset.FromUnixTimeMilliseconds(requestedAt.Wall);
        TimeSpan? lifetime = answer.Lifetime is { } stated ? JwtTimes.BoundLifetime(answer.AccessToken, stated, requestedOn) : null;
        lifetime = lifetime > TimeSpan.Zero ? lifetime : null;
        return new FetchedToken(new ServerToken(answer.AccessToken, requestedOn + lifetime, answer.Scope) { Request = request }, lifetime, requestedAt);
    }

    private SpidException TimedOut(TokenFetch fetch) => Failures.Unreachable(
        settings.TokenEndpoint,
        fetch.IsInTurn ? "it did not answer in time" : $"{settings.Resilience.MaximumConcurrency} other requests were under way all the time (Resilience.MaximumConcurrency)");

    /// <summary>Callers meet one family of exceptions, also when a handler or strategy of the application fails.</summary>
    private SpidException Explain(Exception exception, TokenFetch fetch) => exception switch
    {
        SpidException known => known,
        TimeoutRejectedException => TimedOut(fetch),
        BrokenCircuitException broken => Failures.Suspended(settings.TokenEndpoint, broken.RetryAfter),
        _ => Failures.Unreachable(settings.TokenEndpoint, $"the HTTP pipeline failed ({exception.GetType().Name})", exception),
    };
}
