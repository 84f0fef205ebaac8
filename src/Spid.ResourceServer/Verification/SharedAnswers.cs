using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using Spid.ResourceServer.Diagnostics;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Verification;

/// <summary>
/// Shares active introspection answers between processes. It only ever helps: a store that is slow, down, or tampered with is as good as
/// empty, and after a failure it is left alone for a while.
/// </summary>
internal sealed class SharedAnswers(VerifierSettings settings, IDistributedCache store, TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SealedAnswers _seal = new(settings);
    private readonly MonotonicClock _clock = new(timeProvider);
    private long _leftAloneUntil = long.MinValue;

    public async Task<TokenFacts?> FindAsync(string token)
    {
        if (await GetAsync(_seal.NameOf("token", token)).ConfigureAwait(false) is not { } answer
            || IntrospectionAnswer.Read(answer.Body, out _) is not { Claims: { } claims } result)
        {
            return null;
        }

        // Who evicts a client does not know its tokens, so it leaves a mark instead.
        if ((claims.ClientId ?? claims.AuthorizedParty) is { } client
            && await GetAsync(_seal.NameOf("client", client)).ConfigureAwait(false) is { } mark
            && mark.StoredAt >= answer.StoredAt)
        {
            return null;
        }

        TimeSpan offset = result.ServerTime is { } serverTime ? serverTime - answer.StoredAt : TimeSpan.Zero;
        return new TokenFacts(claims, key: null, offset) { GoodFor = answer.GoodUntil - timeProvider.GetUtcNow() };
    }

    public Task StoreAsync(string token, SpidIntrospectionResult result) => result is { IsActive: true, Body: { } body }
        ? SetAsync(_seal.NameOf("token", token), body)
        : Task.CompletedTask;

    public Task RemoveAsync(string token, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await store.RemoveAsync(_seal.NameOf("token", token), cancellationToken).WaitAsync(Patience, timeProvider, cancellationToken).ConfigureAwait(false);
        return true;
    });

    public Task RemoveClientAsync(string clientId) => SetAsync(_seal.NameOf("client", clientId), ReadOnlyMemory<byte>.Empty);

    private async Task<SharedAnswer?> GetAsync(string name)
    {
        byte[]? packed = await TryAsync(() => store.GetAsync(name).WaitAsync(Patience, timeProvider)).ConfigureAwait(false);
        return packed is not null && _seal.Open(name, packed) is { } answer && timeProvider.GetUtcNow() < answer.GoodUntil ? answer : null;
    }

    private Task<bool> SetAsync(string name, ReadOnlyMemory<byte> body) => TryAsync(async () =>
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        byte[] packed = _seal.Seal(name, new SharedAnswer(now, now + settings.Cache.MaximumAge, body));
        var options = new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = settings.Cache.MaximumAge };
        await store.SetAsync(name, packed, options).WaitAsync(Patience, timeProvider).ConfigureAwait(false);
        return true;
    });

    private async Task<T?> TryAsync<T>(Func<Task<T>> act)
    {
        if (_clock.Now < Volatile.Read(ref _leftAloneUntil))
        {
            return default;
        }

        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever a store of others throws, tokens can be verified without it.
            Volatile.Write(ref _leftAloneUntil, _clock.Now + (long)Pause.TotalMilliseconds);
            Log.SharedStoreFailed(logger, settings.Name, exception.GetType().Name);
            return default;
        }
    }
}
