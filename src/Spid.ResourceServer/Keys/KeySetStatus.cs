namespace Spid.ResourceServer.Keys;

/// <summary>How well the key set is, for the health check.</summary>
internal enum KeySetStatus
{
    /// <summary>No key has been needed yet.</summary>
    NotNeeded,

    /// <summary>The set is younger than two refresh intervals.</summary>
    Fresh,

    /// <summary>The set is older, because it cannot be fetched.</summary>
    Stale,

    /// <summary>There is no usable set, though one was needed, and the endpoint is left alone for a while.</summary>
    Missing,

    /// <summary>There is no usable set, and the next token that needs one tries again.</summary>
    Recovering,
}
