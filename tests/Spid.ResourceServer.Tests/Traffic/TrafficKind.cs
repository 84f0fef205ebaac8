namespace Spid.ResourceServer.Tests.Traffic;

/// <summary>What a token of the traffic is.</summary>
internal enum TrafficKind
{
    Good,

    /// <summary>For another service.</summary>
    Misdirected,

    /// <summary>Of another issuer, with key ids of its own.</summary>
    Foreign,

    /// <summary>One that is or was good, with another signature.</summary>
    Tampered,

    /// <summary>Signed by a key that SPiD never had, under a key id that nobody knows.</summary>
    MadeUpKey,

    /// <summary>One of the collection of hostile tokens.</summary>
    Hostile,

    /// <summary>No JWT.</summary>
    Opaque,
}
