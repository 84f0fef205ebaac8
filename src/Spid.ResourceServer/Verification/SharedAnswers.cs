using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using Spid.ResourceServer.Claims;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Verification;

/// <summary>
/// Shares active introspection answers between processes. It only ever helps: a store that is slow, down, or tampered with is as good as
/// empty. Evicting leaves a mark, and an answer that was asked for before the mark counts for nothing, whichever process stores it and when.
/// </summary>
internal sealed class SharedAnswers(VerifierSettings settings, IDistributedCache store, TimeProvider timeProvider, ILogger logger)
{
    private readonly SealedAnswers _seal = new(settings);
    private readonly SharedStore _store = new(settings, store, timeProvider, logger);

    /// <summary>Gives the facts of an answer that another process got and that still serves.</summary>
    public Task<TokenFacts?> FindAsync(string token) => _store.TryUseAsync(store => ReadAsync(store, token));

    /// <summary>Shares what an answer says, for no longer than the process that asked may use it itself.</summary>
    public Task StoreAsync(string token, SpidIntrospectionResult answer, TokenFacts facts, DateTimeOffset askedAt)
    {
        TimeSpan life = facts.LifeAt(askedAt);
        DateTimeOffset goodUntil = askedAt + (life < settings.Cache.MaximumAge ? life : settings.Cache.MaximumAge);
        TimeSpan left = goodUntil - timeProvider.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        string name = _seal.NameOf("token", token);
        return _store.TryUseAsync(async store =>
        {
            await WriteAsync(store, name, new SharedAnswer(askedAt, goodUntil, answer.Body!), left, CancellationToken.None).ConfigureAwait(false);
            return name;
        });
    }

    /// <summary>Forgets a token that SPiD no longer calls active.</summary>
    public Task RemoveAsync(string token) => _store.TryUseAsync(async store =>
    {
        await EvictAsync(store, token, CancellationToken.None).ConfigureAwait(false);
        return token;
    });

    /// <inheritdoc cref="SharedStore.UseAsync"/>
    public Task EvictAsync(string token, CancellationToken cancellationToken) => _store.UseAsync((store, ended) => EvictAsync(store, token, ended), cancellationToken);

    /// <inheritdoc cref="SharedStore.UseAsync"/>
    public Task EvictClientAsync(string clientId, CancellationToken cancellationToken) =>
        _store.UseAsync((store, ended) => MarkAsync(store, MarkOfClient(clientId), ended), cancellationToken);

    private async Task<TokenFacts?> ReadAsync(IDistributedCache store, string token)
    {
        string name = _seal.NameOf("token", token);
        DateTimeOffset now = timeProvider.GetUtcNow();
        if (await store.GetAsync(name).ConfigureAwait(false) is not { } packed
            || _seal.Open(name, packed) is not { } answer
            || !IsCurrent(answer, now)
            || IntrospectionAnswer.Read(answer.Body, out _) is not { Claims: { } claims } result
            || await IsMarkedAsync(store, MarkOfToken(token), answer).ConfigureAwait(false)
            || (ClientOf(claims) is { } client && await IsMarkedAsync(store, MarkOfClient(client), answer).ConfigureAwait(false)))
        {
            return null;
        }

        return new TokenFacts(claims, SpidTokenSource.Cached, result.ClockOffsetAt(answer.AskedAt)) { GoodFor = answer.GoodUntil - now };
    }

    /// <summary>One from before an outage may be one that could not be removed; one from the future is from a clock that is wrong.</summary>
    private bool IsCurrent(SharedAnswer answer, DateTimeOffset now) =>
        now < answer.GoodUntil && IsAfter(answer, _store.OutageEndsAt) && answer.AskedAt - now <= settings.ClockSkew;

    /// <summary>The two times may be of different clocks.</summary>
    private bool IsAfter(SharedAnswer answer, DateTimeOffset time) => answer.AskedAt - time > settings.ClockSkew;

    private static string? ClientOf(TokenClaims claims) => claims.ClientId ?? claims.AuthorizedParty;

    private string MarkOfToken(string token) => _seal.NameOf("evicted token", token);

    /// <summary>Who evicts a client does not know its tokens.</summary>
    private string MarkOfClient(string client) => _seal.NameOf("evicted client", client);

    private async Task EvictAsync(IDistributedCache store, string token, CancellationToken cancellationToken)
    {
        await MarkAsync(store, MarkOfToken(token), cancellationToken).ConfigureAwait(false);
        await store.RemoveAsync(_seal.NameOf("token", token), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A mark stays as long as an answer from before it may be used, by whichever clock.</summary>
    private Task MarkAsync(IDistributedCache store, string name, CancellationToken cancellationToken)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        return WriteAsync(store, name, new SharedAnswer(now, now, ReadOnlyMemory<byte>.Empty), settings.Cache.MaximumAge + (2 * settings.ClockSkew), cancellationToken);
    }

    /// <summary>A mark that cannot be read may be a later one.</summary>
    private async Task<bool> IsMarkedAsync(IDistributedCache store, string name, SharedAnswer answer) =>
        await store.GetAsync(name).ConfigureAwait(false) is { } packed
        && (_seal.Open(name, packed) is not { } mark || !IsAfter(answer, mark.AskedAt));

    private Task WriteAsync(IDistributedCache store, string name, SharedAnswer answer, TimeSpan life, CancellationToken cancellationToken) =>
        store.SetAsync(name, _seal.Seal(name, answer), new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = life }, cancellationToken);
}
