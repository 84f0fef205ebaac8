using Microsoft.Coyote.Runtime;
using Microsoft.Extensions.Caching.Distributed;

namespace Spid.Schedules.Stubs;

/// <summary>A store that processes share. Before and after each operation any other thread may go on.</summary>
internal sealed class SharedStoreStub : IDistributedCache
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _entries = new(StringComparer.Ordinal);

    /// <summary>Gets how often other threads may go on before a value is written: the more, the further they get.</summary>
    public int StepsToWrite { get; init; }

    public byte[]? Get(string key) => throw new NotSupportedException();

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Use(() => _entries.GetValueOrDefault(key));

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        for (int step = 0; step < StepsToWrite; step++)
        {
            SchedulingPoint.Interleave();
        }

        return Use(() => _entries[key] = value);
    }

    public void Refresh(string key) => throw new NotSupportedException();

    public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

    public void Remove(string key) => throw new NotSupportedException();

    public Task RemoveAsync(string key, CancellationToken token = default) => Use(() => _entries.Remove(key));

    private Task<T> Use<T>(Func<T> operation)
    {
        SchedulingPoint.Interleave();
        T result;
        lock (_gate)
        {
            result = operation();
        }

        SchedulingPoint.Interleave();
        return Task.FromResult(result);
    }
}
