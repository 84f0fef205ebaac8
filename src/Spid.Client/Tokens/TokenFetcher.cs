using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Spid.Client.Diagnostics;
using Spid.Client.Protocol;
using Spid.Client.Settings;

namespace Spid.Client.Tokens;

/// <summary>
/// Obtains one token from SPiD under one snapshot of the options: the turn among other requests, the total timeout, the resilience around
/// the request, the second secret. Knows no cache, and writes no log: <see cref="FetchReporter"/> tells what there is to tell.
/// </summary>
internal sealed class TokenFetcher(ClientSettings settings, TokenClientParts parts, ResiliencePipeline pipeline, SemaphoreSlim turns, FailureMemory clientFailures) : IDisposable
{
    private volatile bool _prefersSecondarySecret;

    public TokenFetcher(ClientSettings settings, TokenClientParts parts, FailureMemory clientFailures)
        : this(settings, parts, parts.CreatePipeline(settings), new SemaphoreSlim(settings.Resilience.MaximumConcurrency), clientFailures)
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
        return new TokenFetcher(
            changed,
            parts,
            resilience == settings.Resilience ? pipeline : parts.CreatePipeline(changed),
            resilience.MaximumConcurrency == settings.Resilience.MaximumConcurrency ? turns : new SemaphoreSlim(resilience.MaximumConcurrency),
            sameCredentials ? clientFailures : createFailures())
        {
            _prefersSecondarySecret = sameCredentials && _prefersSecondarySecret,
        };
    }

    /// <summary>Requests a token, within the total timeout whatever code of the application does meanwhile. Throws nothing: the result has the error.</summary>
    public async Task<FetchResult> FetchAsync(TokenRequest request, FetchCause cause, RefreshDeadline? deadline, CancellationToken cancellationToken)
    {
        long startedAt = parts.TimeProvider.GetTimestamp();
        var fetch = new TokenFetch(request, cause, deadline, settings.Resilience.Timeout, parts.TimeProvider);
        SpidException? error = await RunInTimeAsync(fetch, cancellationToken).ConfigureAwait(false);
        FetchedToken? token = fetch.Token;
        return new FetchResult
        {
            Fetch = fetch,
            Token = token,
            Error = token is null ? error : null,
            Duration = parts.TimeProvider.GetElapsedTime(startedAt),
        };
    }

    public void Dispose() => turns.Dispose();

    /// <summary>
    /// A strategy or handler of the application may block its thread or take no notice of a cancellation. So the fetch has a thread of its own and
    /// is left behind when its time is up. What it brings after that is dropped: the callers have been told, and another fetch may be under way.
    /// </summary>
    private async Task<SpidException?> RunInTimeAsync(TokenFetch fetch, CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration leaving = cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource<bool>)state!).TrySetResult(true), cancelled);
        Task<SpidException?> running = Task.Run(() => RunAsync(fetch, cancellationToken), CancellationToken.None);
        Task ended = await Task.WhenAny(running, fetch.TimeIsUp, cancelled.Task).ConfigureAwait(false);
        return ended == running ? await running.ConfigureAwait(false)
            : ended == fetch.TimeIsUp ? TimedOut(fetch)
            : null;
    }

    private async Task<SpidException?> RunAsync(TokenFetch fetch, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(settings.Resilience.Timeout, parts.TimeProvider);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            fetch.Activity = ClientTelemetry.StartFetch(fetch.Cause);
            await RunInTurnAsync(fetch, linked.Token).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception)
        {
            return cancellationToken.IsCancellationRequested ? exception as SpidException
                : timeout.IsCancellationRequested ? TimedOut(fetch)
                : Explain(exception, fetch);
        }
    }

    /// <summary>The turn stands around the pipeline, which applications may replace, and lasts until the thread of the fetch is free again.</summary>
    private async Task RunInTurnAsync(TokenFetch fetch, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            fetch.IsInTurn = true;
            await RunPipelineAsync(fetch, parts.TokenClock.Now, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turns.Release();
        }
    }

    private async Task RunPipelineAsync(TokenFetch fetch, Moment requestedAt, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(TokenPipeline.SingleAttempt, fetch.Cause.SingleAttempt);
        if (fetch.Deadline is { } deadline)
        {
            context.Properties.Set(TokenPipeline.Deadline, deadline);
        }

        try
        {
            _ = await pipeline.ExecuteAsync(
                static async (context, state) =>
                {
                    TokenAnswer answer = await state.Fetcher.RequestAsync(state.Fetch, context.CancellationToken).ConfigureAwait(false);
                    state.Fetch.Token = CreateToken(state.Fetch.Request, answer, state.RequestedAt);
                    return answer;
                },
                context,
                (Fetcher: this, Fetch: fetch, RequestedAt: requestedAt)).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<TokenAnswer> RequestAsync(TokenFetch fetch, CancellationToken cancellationToken)
    {
        bool secondary = _prefersSecondarySecret;
        try
        {
            return await SendAsync(fetch.Request, secondary, cancellationToken).ConfigureAwait(false);
        }
        catch (SpidException refusal) when (settings.SecondarySecret is not null && OAuthErrors.MayRefuseSecret(refusal))
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
