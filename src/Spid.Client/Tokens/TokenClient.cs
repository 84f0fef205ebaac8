using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.Telemetry;
using Spid.Client.Diagnostics;
using Spid.Client.Settings;

namespace Spid.Client.Tokens;

/// <summary>Requests server tokens from SPiD (RFC 6749 section 4.4) and keeps them until shortly before they expire.</summary>
/// <remarks>
/// Thread-safe; make one for each client of SPiD and keep it as long as the process. In a host, <c>AddSpidClientCredentials</c>
/// registers it. Waiting callers share one request; a failing endpoint is asked at growing intervals only.
/// </remarks>
public sealed class TokenClient : ISpidTokenProvider, IDisposable
{
    private readonly CancellationTokenSource _lifetime = new();
    private readonly CancellationToken _lifetimeToken;
    private readonly TokenClientParts _parts;
    private readonly ClientTelemetry _telemetry;
    private readonly IDisposable? _owned;
    private TokenCache? _cache;

    /// <summary>Creates a client with a connection pool of its own, which follows no redirects.</summary>
    /// <param name="options">The options; later changes of the instance have no effect.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options cannot work; the message names each fault.</exception>
    public TokenClient(SpidClientOptions options)
        : this("", options, Backchannel.CreateClient(), ownsHttpClient: true, TimeProvider.System, NullLoggerFactory.Instance, meterFactory: null)
    {
    }

    /// <summary>Creates a client that sends through an <see cref="HttpClient"/> of yours.</summary>
    /// <param name="options">The options; later changes of the instance have no effect.</param>
    /// <param name="httpClient">
    /// Sends the requests and stays yours to dispose. Its handler must not follow redirects: .NET repeats a POST body, secret
    /// included, to another origin on 307 and 308.
    /// </param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="loggerFactory">Where to log; <see langword="null"/> for nowhere.</param>
    /// <param name="meterFactory">Makes the meter; <see langword="null"/> for a meter of its own.</param>
    /// <param name="name">What logs, metrics and spans call the client. Give each its own, for two gauges with the same tags cannot be told apart.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options cannot work; the message names each fault.</exception>
    public TokenClient(
        SpidClientOptions options, HttpClient httpClient, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null, IMeterFactory? meterFactory = null, string name = "")
        : this(name, options, httpClient, ownsHttpClient: false, timeProvider ?? TimeProvider.System, loggerFactory ?? NullLoggerFactory.Instance, meterFactory)
    {
    }

    internal TokenClient(string name, SpidClientOptions options, TokenClientParts parts, IDisposable? owned)
    {
        _parts = parts;
        _owned = owned;

        // Kept, for a disposed source gives none, and options may change while the client is disposed.
        _lifetimeToken = _lifetime.Token;
        _telemetry = parts.Telemetry ?? new ClientTelemetry(name, parts.MeterFactory, () => Volatile.Read(ref _cache)?.Default.SecondsLeft);
        _cache = CreateCache(ClientSettings.From(name, options));
    }

    private TokenClient(
        string name, SpidClientOptions options, HttpClient httpClient, bool ownsHttpClient, TimeProvider timeProvider, ILoggerFactory loggerFactory, IMeterFactory? meterFactory)
        : this(name, Validated(name, options, httpClient), CreateParts(httpClient, timeProvider, loggerFactory, meterFactory), ownsHttpClient ? httpClient : null)
    {
    }

    /// <summary>Gets the entries under the current options.</summary>
    internal TokenCache Cache
    {
        get
        {
            TokenCache? cache = Volatile.Read(ref _cache);
            ObjectDisposedException.ThrowIf(cache is null, this);
            return cache;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ServerToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        Cache.Default.GetAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ServerToken> GetTokenAsync(TokenRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Cache.Get(request).GetAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ServerToken?> RenewTokenAsync(ServerToken rejected, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rejected);
        return Cache.EntryOf(rejected).RenewAsync(rejected, cancellationToken);
    }

    /// <summary>Requests the token that the options describe from SPiD, past the cache and without changing it.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>A new token.</returns>
    /// <exception cref="SpidException">SPiD gave no token.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<ServerToken> RequestTokenAsync(CancellationToken cancellationToken = default) => RequestAsync(Cache, Cache.Settings.Defaults, cancellationToken);

    /// <summary>Requests a token from SPiD, past the cache and without changing it.</summary>
    /// <param name="request">What is wanted; what it leaves out comes from the options.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>A new token.</returns>
    /// <exception cref="SpidException">SPiD gave no token.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<ServerToken> RequestTokenAsync(TokenRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        TokenCache cache = Cache;
        return RequestAsync(cache, request.WithDefaults(cache.Settings.Defaults), cancellationToken);
    }

    /// <summary>Ends all requests under way; those who wait for them get an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _cache, null) is not { } cache)
        {
            return;
        }

        _lifetime.Cancel();
        _lifetime.Dispose();
        cache.Dispose();
        _owned?.Dispose();
        if (_parts.Telemetry is null)
        {
            _telemetry.Dispose();
        }
    }

    /// <summary>Goes on with other options. Tokens stay when the same ones are asked for, and are unreachable otherwise.</summary>
    internal void Apply(SpidClientOptions options)
    {
        while (Volatile.Read(ref _cache) is { } current)
        {
            ClientSettings settings = ClientSettings.From(current.Settings.Name, options);
            if (settings.Equals(current.Settings))
            {
                return;
            }

            // Another change may have come in between; this one is the later.
            if (settings.AsksForSameTokensAs(current.Settings) ? TryFollow(current, settings) : TryReplace(current, settings))
            {
                return;
            }
        }
    }

    private static SpidClientOptions Validated(string name, SpidClientOptions options, HttpClient httpClient)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(httpClient);
        SpidClientOptionsRules.ThrowIfInvalid(name, options);
        return options;
    }

    private static TokenClientParts CreateParts(HttpClient httpClient, TimeProvider timeProvider, ILoggerFactory loggerFactory, IMeterFactory? meterFactory) => new()
    {
        TimeProvider = timeProvider,
        Logger = loggerFactory.CreateLogger(typeof(TokenClient).FullName!),
        GetHttpClient = () => httpClient,
        CreatePipeline = settings => TokenPipeline.Create(
            settings,
            timeProvider,
            builder => builder.ConfigureTelemetry(new TelemetryOptions { LoggerFactory = new SafeLoggerFactory(loggerFactory), SeverityProvider = TokenPipeline.QuietSeverity })),
        MeterFactory = meterFactory,
    };

    private async Task<ServerToken> RequestAsync(TokenCache cache, TokenRequest request, CancellationToken cancellationToken)
    {
        using CancellationTokenSource? linked = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cache.Lifetime)
            : null;
        var cause = new FetchCause(FetchReason.Explicit, SingleAttempt: false, Starter: default);
        TokenFetcher fetcher = cache.Fetcher;
        using TokenFetch fetch = fetcher.Prepare(request, cause, deadline: null, linked?.Token ?? cache.Lifetime);
        ThreadPool.QueueUserWorkItem(static state => _ = state.Fetcher.RunAsync(state.Fetch), (Fetcher: fetcher, Fetch: fetch), preferLocal: false);
        FetchResult result = fetcher.Conclude(fetch, await fetch.Ended.ConfigureAwait(false));
        await cache.Reporter.ReportAsync(fetch, result).ConfigureAwait(false);
        if (result.IsCancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ObjectDisposedException(nameof(TokenClient));
        }

        return result.Token?.Token ?? throw result.Error!;
    }

    private bool TryFollow(TokenCache current, ClientSettings settings)
    {
        if (!current.TryFollow(settings))
        {
            return false;
        }

        bool isCurrent = Volatile.Read(ref _cache) == current;
        if (isCurrent)
        {
            Log.OptionsChanged(_parts.Logger, settings.Name, "kept");
        }

        return isCurrent;
    }

    private bool TryReplace(TokenCache current, ClientSettings settings)
    {
        TokenCache changed = CreateCache(settings);
        if (Interlocked.CompareExchange(ref _cache, changed, current) == current)
        {
            Log.OptionsChanged(_parts.Logger, settings.Name, "dropped");
            return true;
        }

        changed.Dispose();
        return false;
    }

    private TokenCache CreateCache(ClientSettings settings) => new(settings, _parts, _telemetry, _lifetimeToken);
}
