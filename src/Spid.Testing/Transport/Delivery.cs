namespace Spid.Testing.Transport;

/// <summary>How much of a reply reaches the client.</summary>
internal enum Delivery
{
    Complete,

    /// <summary>Part of the body, then the connection closes.</summary>
    Truncated,

    /// <summary>Part of the body, then silence until the client gives up or the server stops.</summary>
    HangingBody,

    /// <summary>Silence from the start.</summary>
    HangingHeaders,

    /// <summary>The connection closes without an answer.</summary>
    Dropped,
}
