using System.Diagnostics.CodeAnalysis;
using Spid.Client.Diagnostics;

namespace Spid.Client.Tokens;

/// <summary>
/// The cached token of one request. Readers take no lock: they see one immutable <see cref="CachedToken"/> behind a volatile
/// reference. Whatever needs SPiD goes through one shared fetch, which belongs to no caller.
/// </summary>
internal sealed partial class TokenEntry(TokenCache cache, TokenRequest request) : ITokenEntry
{
    private readonly Lock _gate = new();
    private CachedToken? _current;
    private WeakReference<TokenEntry>? _hint;
    private Task<FetchOutcome>? _fetch;
    private TokenFetcher? _fetcher;
    private int _reports;
    private long _searchedAt;
    private bool _wasAsked;

    /// <summary>Gets the cache that this entry belongs to: a client whose options changed has another one.</summary>
    public TokenCache Cache { get; } = cache;

    public TokenRequest Request { get; } = request;

    /// <summary>Gets or sets how many parts of the set-up hold this entry. The cache counts, under its lock.</summary>
    public int Holders { get; set; }

    /// <summary>Gets a reference for requests to keep, which may outlive the client.</summary>
    public WeakReference<TokenEntry> Hint => Volatile.Read(ref _hint) ?? MakeHint();

    /// <summary>Gets or sets when the cache was last searched for this entry.</summary>
    public long SearchedAt
    {
        get => Volatile.Read(ref _searchedAt);
        set => Volatile.Write(ref _searchedAt, value);
    }

    /// <summary>Gets a token that needs no waiting, and starts its renewal when it is due.</summary>
    public bool TryGet([NotNullWhen(true)] out ServerToken? token)
    {
        CachedToken? current = Volatile.Read(ref _current);
        if (current is not null)
        {
            long age = current.AgeAt(Cache.TokenClock.Now);
            if (age < current.Lifetime)
            {
                if (age >= current.RefreshAge)
                {
                    RefreshInBackground();
                }

                Cache.Telemetry.Hit();
                token = current.Token;
                return true;
            }
        }

        token = null;
        return false;
    }

    public ValueTask<ServerToken> GetAsync(CancellationToken cancellationToken) => TryGet(out ServerToken? token)
        ? new ValueTask<ServerToken>(token)
        : new ValueTask<ServerToken>(WaitAsync(cancellationToken));

    /// <summary>Lets the next caller start a refresh: whether SPiD accepts changed credentials is not known otherwise before the token expires.</summary>
    public void RefreshAtNextUse()
    {
        lock (_gate)
        {
            if (Volatile.Read(ref _current) is { } current)
            {
                Volatile.Write(ref _current, current with { RefreshAge = long.MinValue });
            }
        }
    }

    private WeakReference<TokenEntry> MakeHint()
    {
        var hint = new WeakReference<TokenEntry>(this);
        return Interlocked.CompareExchange(ref _hint, hint, null) ?? hint;
    }

    /// <summary>Starts the fetch of the next token; until it is there the old one is served, and no caller waits.</summary>
    private void RefreshInBackground()
    {
        if (Volatile.Read(ref _fetch) is null && !IsHeldBack)
        {
            Cache.Telemetry.Refresh();
            _ = StartOrJoin(FetchReason.Refresh);
        }
    }

    private async Task<ServerToken> WaitAsync(CancellationToken cancellationToken)
    {
        Cache.Telemetry.Miss();
        FetchOutcome outcome = await WaitForFetchAsync(FetchReason.Miss, rejected: null, cancellationToken).ConfigureAwait(false);
        return outcome.Token ?? throw Failed(outcome);
    }

    private async Task<FetchOutcome> WaitForFetchAsync(FetchReason reason, ServerToken? rejected, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long startedAt = Cache.Parts.TimeProvider.GetTimestamp();
        FetchOutcome outcome = await StartOrJoin(reason, rejected).WaitAsync(cancellationToken).ConfigureAwait(false);
        Cache.Telemetry.Waited(Cache.Parts.TimeProvider.GetElapsedTime(startedAt), outcome.Error);
        return outcome;
    }

    private static Exception Failed(FetchOutcome outcome) => outcome.Error is { } error
        ? error.Copy(error.RetryAfter)
        : new ObjectDisposedException(nameof(TokenClient));
}
