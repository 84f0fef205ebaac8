using System.Collections.Frozen;
using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Keys;

/// <summary>The keys of one fetch, and the times that follow from it, in milliseconds of the key set's clock. Never changes.</summary>
internal sealed class KeySetSnapshot(int fetch, FrozenDictionary<string, SigningKey> keys, long fetchedAt, long refreshAt, long dropAt)
{
    /// <summary>Gets the number of the fetch. A higher number means that it started later.</summary>
    public int Fetch { get; } = fetch;

    public long FetchedAt { get; } = fetchedAt;

    /// <summary>Gets when the next use starts a fetch in the background.</summary>
    public long RefreshAt { get; } = refreshAt;

    /// <summary>Gets when the set is too old to be used at all.</summary>
    public long DropAt { get; } = dropAt;

    /// <summary>Makes the snapshot of an answer. A key that stays the same stays the same object, so that the tokens it has verified stay valid.</summary>
    public static KeySetSnapshot Create(int fetch, JwksAnswer answer, KeySetSnapshot? old, KeySetSettings settings, long now)
    {
        FrozenDictionary<string, SigningKey> keys = answer.Keys.ToFrozenDictionary(
            key => key.KeyId, key => old?.Find(key.KeyId) is { } known && known.IsSameAs(key) ? known : key, StringComparer.Ordinal);
        double interval = settings.RefreshInterval.TotalMilliseconds * (0.9 + (0.2 * Random.Shared.NextDouble()));
        return new KeySetSnapshot(fetch, keys, now, now + (long)interval, now + (long)settings.LastGoodMaximumAge.TotalMilliseconds);
    }

    public SigningKey? Find(string keyId) => keys.GetValueOrDefault(keyId);
}
