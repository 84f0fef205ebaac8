namespace Spid.ResourceServer.Keys;

/// <summary>What is known of a key id, and so what becomes of its token.</summary>
internal enum KeyOutcome
{
    /// <summary>503 with the wait: the key may have been published since the last fetch. The default, because it calls no token bad.</summary>
    Undecided,

    /// <summary>The signature decides.</summary>
    Found,

    /// <summary>401: a fetch that started after the caller came has shown that there is no such key.</summary>
    Absent,

    /// <summary>Introspection decides where it may, otherwise 503: there is no key set at all.</summary>
    NoKeySet,
}
