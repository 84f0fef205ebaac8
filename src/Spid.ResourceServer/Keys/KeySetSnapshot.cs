using System.Collections.Frozen;

namespace Spid.ResourceServer.Keys;

/// <summary>The keys of one fetch, and the times that follow from it, in milliseconds of the key set's clock. Never changes.</summary>
internal sealed class KeySetSnapshot(FrozenDictionary<string, SigningKey> keys, long fetchedAt, long refreshAt, long dropAt)
{
    public long FetchedAt { get; } = fetchedAt;

    /// <summary>Gets when the next use fetches the set anew.</summary>
    public long RefreshAt { get; } = refreshAt;

    /// <summary>Gets when the set is too old to be used at all.</summary>
    public long DropAt { get; } = dropAt;

    public SigningKey? Find(string keyId) => keys.GetValueOrDefault(keyId);
}
