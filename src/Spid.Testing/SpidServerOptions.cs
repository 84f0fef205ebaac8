using Microsoft.Extensions.Logging;
using Spid.Testing.Clients;
using Spid.Testing.Keys;

namespace Spid.Testing;

/// <summary>Sets up a <see cref="SpidServer"/> before it starts; <see cref="Behavior"/> alone may change afterwards.</summary>
public sealed class SpidServerOptions
{
    /// <summary>Gets or sets the clock behind every time the server writes, waits for or compares.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Gets or sets where the web server logs.</summary>
    /// <value><see langword="null"/>, the default, means nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Gets or sets the loopback port to listen on.</summary>
    /// <value>0 to 65535; the default, 0, takes a free one.</value>
    public int Port { get; set; }

    /// <summary>Gets or sets the address of a server that opens no port.</summary>
    /// <value>An absolute URI; the default is <c>https://spid.test/</c>. A listening server has the address of its port instead.</value>
    public Uri InMemoryAddress { get; set; } = new("https://spid.test/");

    /// <summary>Gets or sets the <c>iss</c> of the tokens.</summary>
    /// <value><see langword="null"/>, the default, means the server's address, which ends in a slash as SPiD's own does.</value>
    public string? Issuer { get; set; }

    /// <summary>Gets or sets the client that <see cref="SpidServer.ClientId"/> and <see cref="SpidServer.ClientSecret"/> describe.</summary>
    /// <value>The default has a random id and secret, gets JWTs and may ask for every scope.</value>
    public SpidClientRegistration DefaultClient { get; set; } = new();

    /// <summary>Gets the clients beside <see cref="DefaultClient"/>.</summary>
    public IList<SpidClientRegistration> Clients { get; } = [];

    /// <summary>Gets the merchants with a fixed id or a scope prefix; others come into being when a client names them.</summary>
    public IList<SpidMerchant> Merchants { get; } = [];

    /// <summary>Gets the keys to publish from the start, the first of which signs; share them to save many servers the making of keys.</summary>
    /// <value>The default is empty: the server makes two of its own, as many as the documentation shows, when they are first needed.</value>
    public IList<SpidSigningKey> Keys { get; } = [];

    /// <summary>Gets the variants the server answers with.</summary>
    public SpidBehavior Behavior { get; } = new();

    /// <summary>Gets or sets how many requests <see cref="SpidServer.Requests"/> keeps before it drops the oldest.</summary>
    /// <value>1 or more; the default is 10,000.</value>
    public int RequestLogCapacity { get; set; } = 10_000;
}
