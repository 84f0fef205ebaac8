using Spid.Testing.Clients;
using Spid.Testing.Endpoints;
using Spid.Testing.Faults;
using Spid.Testing.Keys;
using Spid.Testing.Requests;
using Spid.Testing.Tokens;
using Spid.Testing.Transport;

namespace Spid.Testing;

/// <summary>Runs SPiD in a box: Schibsted account's OAuth 2.0 server inside the test process.</summary>
/// <remarks>
/// Safe for use from several threads. A server keeps everything it is sent and hands out tokens to anyone who knows its made-up
/// secrets, so it is for tests and local runs only; it listens on the loopback interface alone.
/// </remarks>
public sealed partial class SpidServer : IAsyncDisposable
{
    private readonly SpidServerOptions _options;
    private readonly Lifeline _lifeline = new();
    private readonly TokenStore _store;
    private readonly TokenIssuer _issuer;
    private readonly SpidPipeline _pipeline;

    private SpidServer(SpidServerOptions options)
    {
        _options = options;
        BaseAddress = options.InMemoryAddress;
        Requests = new(options.RequestLogCapacity);
        Clients = new([options.DefaultClient, .. options.Clients]);
        Keys = new(options.Keys);
        _store = new(options.TimeProvider);
        _issuer = new(Keys, _store, options.TimeProvider, options.DefaultClient.ClientId, () => Issuer);
        _pipeline = new(CreateRouter(), Requests, Faults, new(options.Behavior, options.TimeProvider), _store, options.TimeProvider);
    }

    /// <summary>Gets where the server is: its loopback port, or the in-memory address of a server that opens none.</summary>
    public Uri BaseAddress { get; private set; }

    /// <summary>Gets the <c>iss</c> of the tokens.</summary>
    public string Issuer => _options.Issuer ?? BaseAddress.AbsoluteUri;

    /// <summary>Gets the id of the default client.</summary>
    public string ClientId => DefaultClient.ClientId;

    /// <summary>Gets the current secret of the default client.</summary>
    public string ClientSecret => DefaultClient.ClientSecret;

    /// <summary>Gets the default client.</summary>
    public SpidClientRegistration DefaultClient => _options.DefaultClient;

    /// <summary>Gets all clients.</summary>
    public SpidClients Clients { get; }

    /// <summary>Gets the signing keys.</summary>
    public SpidKeys Keys { get; }

    /// <summary>Gets the faults to come.</summary>
    public SpidFaults Faults { get; } = new();

    /// <summary>Gets the requests received.</summary>
    public SpidRequestLog Requests { get; }

    /// <summary>Gets the variants the server answers with.</summary>
    public SpidBehavior Behavior => _options.Behavior;

    /// <summary>Issues a token without a request.</summary>
    /// <param name="spec">What the token is like; <see langword="null"/> for an access token of the default client.</param>
    /// <returns>The token.</returns>
    public string Issue(SpidTokenSpec? spec = null) => _issuer.Issue(spec ?? new SpidTokenSpec()).Value;

    /// <summary>Revokes a token: introspection calls it inactive and <c>/api/2/token</c> does not find it.</summary>
    /// <param name="token">The token.</param>
    /// <returns>Whether the token was known.</returns>
    public bool Revoke(string token) => _store.Revoke(token);

    /// <summary>Revokes all tokens of a client.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <returns>How many tokens were revoked.</returns>
    public int RevokeAll(string clientId) => _store.RevokeAll(clientId);

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(SpidServer)} at {BaseAddress}";

    private Router CreateRouter()
    {
        var clock = _options.TimeProvider;
        var merchants = new Merchants(_options.Merchants);
        var backends = new BackendSelector(Behavior);
        var authenticator = new ClientAuthenticator(Clients);
        var writer = new TokenResponseWriter(Behavior, _issuer, clock);
        return new Router(new Dictionary<SpidEndpoint, IEndpoint>
        {
            [SpidEndpoint.Token] = new TokenEndpoint(Behavior, backends, authenticator, Clients, writer),
            [SpidEndpoint.Introspection] = new IntrospectionEndpoint(Behavior, backends, authenticator, Clients, _store, clock),
            [SpidEndpoint.Jwks] = new JwksEndpoint(Keys),
            [SpidEndpoint.Registration] = new RegistrationEndpoint(Clients, merchants, _store, clock),
            [SpidEndpoint.TokenStatus] = new TokenStatusEndpoint(Clients, merchants, _store, clock),
        });
    }
}
