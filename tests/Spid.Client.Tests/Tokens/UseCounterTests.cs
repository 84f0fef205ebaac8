using Microsoft.Extensions.Caching.Memory;
using Spid.Client.Tests.Shared;
using Spid.Client.Tokens;

namespace Spid.Client.Tests.Tokens;

/// <summary>The order in which a full cache evicts.</summary>
[CancelAfter(60_000)]
internal sealed class UseCounterTests
{
    [Test(Description = "A19")]
    public void UtcNow_AskedAgain_IsLater()
    {
        var counter = new UseCounter();

        DateTimeOffset[] times = [.. Enumerable.Range(0, 1000).Select(_ => counter.UtcNow)];

        Assert.That(times, Is.Ordered.Ascending.And.Unique);
    }

    [Test(Description = "A19")]
    public void Compact_FullCache_LeavesTheEntriesThatWereUsedLast()
    {
        using var cache = new MemoryCache(new MemoryCacheOptions { SizeLimit = 100, Clock = new UseCounter() });
        for (int key = 0; key < 100; key++)
        {
            cache.Set(key, key, new MemoryCacheEntryOptions { Size = 1 });
        }

        for (int key = 0; key < 50; key++)
        {
            cache.TryGetValue(key, out _);
        }

        cache.Compact(0.5);

        Assert.That(cache.Keys, Is.EquivalentTo(Enumerable.Range(0, 50)));
    }

    [Test(Description = "A19")]
    public async Task GetTokenAsync_FullCacheAndWallClockSetBack_OneRequestForEachKey(CancellationToken cancellationToken)
    {
        using var client = new DrivenClient(options => options.Cache.MaximumEntries = 100);
        for (int key = 0; key < 100; key++)
        {
            await client.Tokens.GetTokenAsync(KeyNames.Request(key), cancellationToken);
        }

        client.Time.WallClockError = TimeSpan.FromHours(-1);
        for (int round = 0; round < 20; round++)
        {
            for (int key = 0; key < 90; key++)
            {
                await client.Tokens.GetTokenAsync(KeyNames.Request(100 + key), cancellationToken);
            }
        }

        Assert.That(client.Spid.Count, Is.EqualTo(190));
    }
}
