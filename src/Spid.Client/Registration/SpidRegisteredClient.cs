using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Spid.Client.Registration;

/// <summary>Holds the credentials of a client that SPiD has just registered. The secret is shown once: store it before anything else.</summary>
/// <remarks>Immutable. Its text, debugger and JSON forms leave the secret out.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SpidRegisteredClient
{
    internal SpidRegisteredClient(string clientId, string clientSecret)
    {
        ClientId = clientId;
        ClientSecret = clientSecret;
    }

    /// <summary>Gets the id of the new client.</summary>
    public string ClientId { get; }

    /// <summary>Gets the secret of the new client. Keep it out of logs and messages.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string ClientSecret { get; }

    /// <summary>Gets the scopes that the client may ask for: those requested and SPiD's defaults, space separated.</summary>
    /// <value><see langword="null"/> when SPiD did not state them.</value>
    public string? Scope { get; internal init; }

    /// <summary>Gets when the client was registered, by SPiD's clock.</summary>
    /// <value><see langword="null"/> when SPiD did not state it.</value>
    public DateTimeOffset? IssuedAt { get; internal init; }

    /// <summary>Gets when the secret expires, by SPiD's clock.</summary>
    /// <value><see langword="null"/> when it never does.</value>
    public DateTimeOffset? SecretExpiresAt { get; internal init; }

    /// <summary>Describes the client without its secret.</summary>
    /// <returns>The client id.</returns>
    public override string ToString() => $"SpidRegisteredClient {{ ClientId = {ClientId} }}";
}
