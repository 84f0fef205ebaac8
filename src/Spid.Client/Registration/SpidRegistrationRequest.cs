namespace Spid.Client.Registration;

/// <summary>Describes a client to register under a merchant (RFC 7591 section 2, in SPiD's subset).</summary>
public sealed class SpidRegistrationRequest
{
    /// <summary>Gets the merchant that the new client will belong to, as it stands in the scope <c>spid:merchants/&lt;merchant&gt;|write</c>.</summary>
    /// <value>Not empty, without white space. The client that registers must belong to the same merchant.</value>
    public required string Merchant { get; init; }

    /// <summary>Gets the name of the new client.</summary>
    public required string ClientName { get; init; }

    /// <summary>Gets the address of the new client.</summary>
    /// <value>An absolute URI.</value>
    public required Uri ClientUri { get; init; }

    /// <summary>Gets the scopes that the new client may ask for, space separated.</summary>
    /// <value>None by default. Each must begin with the prefix that the merchant has registered.</value>
    public string? Scope { get; init; }

    /// <summary>Gets the redirect URIs of the new client; a client for server tokens needs none.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyList<Uri> RedirectUris { get; init; } = [];
}
