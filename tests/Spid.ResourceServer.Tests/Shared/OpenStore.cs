using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Distributed;

namespace Spid.ResourceServer.Tests.Shared;

/// <summary>A store that everybody can read and write.</summary>
internal sealed class OpenStore : IDistributedCache
{
    public ConcurrentDictionary<string, byte[]> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets how long each entry is to stay. Here all stay for ever.</summary>
    public ConcurrentDictionary<string, TimeSpan?> Lives { get; } = new(StringComparer.Ordinal);

    public bool Fails { get; set; }

    public bool Hangs { get; set; }

    /// <summary>Gets or sets what holds the threads of all who use the store.</summary>
    public ManualResetEventSlim? Blocks { get; set; }

    /// <summary>Gets or sets what must end before anything is written.</summary>
    public Task Writes { get; set; } = Task.CompletedTask;

    /// <summary>Gets or sets what cannot be read.</summary>
    public string? Unreadable { get; set; }

    public int Uses { get; private set; }

    public byte[]? Get(string key) => throw new NotSupportedException();

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        await UseAsync();
        return key == Unreadable ? throw new InvalidOperationException("This entry is out of reach.") : Entries.GetValueOrDefault(key);
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        await UseAsync();
        await Writes;
        Entries[key] = value;
        Lives[key] = options.AbsoluteExpirationRelativeToNow;
    }

    public void Refresh(string key) => throw new NotSupportedException();

    public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

    public void Remove(string key) => throw new NotSupportedException();

    public async Task RemoveAsync(string key, CancellationToken token = default)
    {
        await UseAsync();
        Entries.TryRemove(key, out _);
    }

    private Task UseAsync()
    {
        Uses++;
        Blocks?.Wait(TimeSpan.FromSeconds(60));
        return Fails ? throw new InvalidOperationException("The store is down.") : Hangs ? new TaskCompletionSource().Task : Task.CompletedTask;
    }
}
