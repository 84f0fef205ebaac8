using Spid.ResourceServer.Settings;

namespace Spid.ResourceServer.Keys;

/// <summary>The keys that SPiD publishes (RFC 7517), fetched when first needed and kept fresh behind the scenes.</summary>
internal sealed class KeySet(VerifierSettings settings, VerifierParts parts) : IDisposable
{
    public KeySetStatus Status => throw new NotImplementedException();

    /// <summary>Gets the age of the key set, or <see langword="null"/> while there is none.</summary>
    public TimeSpan? Age => throw new NotImplementedException();

    /// <summary>Finds a key, after a fetch when there is no set yet or the id is unknown and a fetch is allowed. Completes synchronously for a known key.</summary>
    public ValueTask<KeyLookup> FindAsync(string keyId, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Says whether a key is still published: a token verified by one that is not must not be accepted from a cache.</summary>
    public bool IsCurrent(SigningKey key) => throw new NotImplementedException();

    /// <summary>Fetches the set while the host starts. A failure is logged.</summary>
    public Task WarmUpAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
