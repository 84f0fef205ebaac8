using System.Diagnostics;
using System.Text.Json.Serialization;
using Spid.Client;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Keys;

namespace Spid.ResourceServer;

/// <summary>Says whose tokens a service accepts, and how it verifies them. Configuration keys equal the property names.</summary>
/// <remarks>Validated when the host starts; a service provider without a host validates on first use. Changes take effect with the next token.</remarks>
public abstract class SpidVerificationOptions
{
    /// <summary>Initializes a new instance.</summary>
    protected SpidVerificationOptions()
    {
    }

    /// <summary>Gets or sets the SPiD installation. Set this or <see cref="Authority"/>.</summary>
    /// <value>There is no default: tokens belong to one environment.</value>
    public SpidEnvironment? Environment { get; set; }

    /// <summary>Gets or sets the base URL of a SPiD installation that <see cref="SpidEnvironment"/> does not name.</summary>
    /// <value>
    /// An https URI, with or without a path; http on loopback, or with <see cref="AllowPlainHttp"/>. Paths such as <c>/oauth/introspect</c> are appended.
    /// It is also the issuer whose tokens are accepted, unless <see cref="Issuers"/> names others.
    /// </value>
    public Uri? Authority { get; set; }

    /// <summary>Gets or sets the address of the introspection endpoint (RFC 7662), where its path is not SPiD's.</summary>
    /// <value>
    /// <see langword="null"/>, the default, means <c>/oauth/introspect</c> below the authority. An absolute URI without user info and fragment, https
    /// like <see cref="Authority"/>.
    /// </value>
    public Uri? IntrospectionEndpoint { get; set; }

    /// <summary>Gets or sets the address of the key set (RFC 7517), where its path is not SPiD's.</summary>
    /// <value><see langword="null"/>, the default, means <c>/oauth/jwks</c> below the authority. Else as <see cref="IntrospectionEndpoint"/>.</value>
    public Uri? JwksEndpoint { get; set; }

    /// <summary>Gets or sets the address below which <see cref="LookUpOpaqueTokens"/> looks up tokens, where its path is not SPiD's.</summary>
    /// <value>
    /// <see langword="null"/>, the default, means <c>/api/2/token</c> below the authority; <c>/{token}/authentication</c> is appended. Without a query, else
    /// as <see cref="IntrospectionEndpoint"/>.
    /// </value>
    public Uri? LookUpEndpoint { get; set; }

    /// <summary>Gets or sets the address of the token endpoint, where its path is not SPiD's. <see cref="LookUpOpaqueTokens"/> needs a server token of this service.</summary>
    /// <value><see langword="null"/>, the default, means <c>/oauth/token</c> below the authority. Else as <see cref="IntrospectionEndpoint"/>.</value>
    public Uri? TokenEndpoint { get; set; }

    /// <summary>Gets or sets a value indicating whether SPiD may be reached over http on other machines too.</summary>
    /// <value>
    /// The default is <see langword="false"/>. The client secret and the tokens then travel as readable text, and an attacker who can change the key set
    /// on the way can forge tokens, so this is for networks that protect them, such as a transparent mesh. It is logged at Warning when the host starts.
    /// </value>
    public bool AllowPlainHttp { get; set; }

    /// <summary>Gets or sets how tokens are verified.</summary>
    /// <value>The default is <see cref="SpidVerificationMode.Auto"/>.</value>
    public SpidVerificationMode Mode { get; set; }

    /// <summary>Gets or sets the client id of this service at SPiD, for introspection.</summary>
    /// <value>Needed in <see cref="SpidVerificationMode.Remote"/>; in <see cref="SpidVerificationMode.Auto"/> set both this and the secret or neither.</value>
    public string? ClientId { get; set; }

    /// <summary>Gets or sets the client secret of this service at SPiD. Keep it in a secret store, not in source.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? ClientSecret { get; set; }

    /// <summary>Gets or sets how this service authenticates when it introspects.</summary>
    /// <value>The default is <see cref="SpidClientAuthentication.Basic"/>.</value>
    public SpidClientAuthentication ClientAuthentication { get; set; }

    /// <summary>Gets or sets a value indicating whether requests to SPiD carry <c>X-OIDC: v1</c>.</summary>
    /// <value>The default is <see langword="true"/>, as in the maintained Schibsted SDKs.</value>
    public bool SendOidcHeader { get; set; } = true;

    /// <summary>Gets the names of this service, one of which the token's <c>aud</c> must hold.</summary>
    /// <value>
    /// Empty by default, which is an error unless <see cref="AudienceCheck"/> says otherwise. Usually the URI registered in SPiD self
    /// service; the client id for user tokens. Compared ordinally; one trailing slash more or less is ignored.
    /// </value>
    public IList<string> Audiences { get; } = [];

    /// <summary>Gets or sets whether a token must name this service.</summary>
    /// <value>The default is <see cref="SpidAudienceCheck.Required"/>.</value>
    public SpidAudienceCheck AudienceCheck { get; set; }

    /// <summary>Gets the issuers whose tokens are accepted.</summary>
    /// <value>Empty by default, which means the authority. Compared ordinally; one trailing slash more or less is ignored.</value>
    public IList<string> Issuers { get; } = [];

    /// <summary>Gets the client ids that may call this service.</summary>
    /// <value>Empty by default, which means any client.</value>
    public IList<string> AllowedClients { get; } = [];

    /// <summary>Gets or sets a value indicating whether tokens that only SPiD can verify, as many user tokens are (HS256, or without a key id), are introspected.</summary>
    /// <value>The default is <see langword="false"/>: in <see cref="SpidVerificationMode.Auto"/> they are refused without a call. It has no effect in the other modes.</value>
    public bool AcceptUserTokens { get; set; }

    /// <summary>Gets or sets a value indicating whether tokens of users are refused, however they are signed.</summary>
    /// <value>The default is <see langword="false"/>. A token is a user's when it names a user id, or a subject other than its client.</value>
    public bool ServerTokensOnly { get; set; }

    /// <summary>Gets or sets a value indicating whether tokens that are not a signed JWT are introspected: opaque ones and encrypted ones (five parts, RFC 7516).</summary>
    /// <value>The default is <see langword="false"/>: SPiD answers "inactive" for all of them, so they are refused without a call. Other servers may issue them.</value>
    public bool IntrospectOpaqueTokens { get; set; }

    /// <summary>
    /// Gets or sets a value indicating whether tokens that are no JWT are looked up at <c>/api/2/token/{token}/authentication</c>, the one
    /// documented way to check them, with a server token of this service.
    /// </summary>
    /// <value>
    /// The default is <see langword="false"/>. The token then stands in an address, so it reaches access logs of SPiD and of proxies; the logs
    /// of this process do not show it. The answer names the client, the user and the expiry, but neither audience nor scopes: it
    /// needs <see cref="AudienceCheck"/> to be <see cref="SpidAudienceCheck.None"/>, and required scopes are always missing. Not together with
    /// <see cref="IntrospectOpaqueTokens"/>.
    /// </value>
    public bool LookUpOpaqueTokens { get; set; }

    /// <summary>Gets the signature algorithms that are accepted when verifying locally.</summary>
    /// <value>Empty by default, which means RS256. May hold RS256, RS384, RS512, PS256, PS384 and PS512; what a token says is never enough.</value>
    public IList<string> Algorithms { get; } = [];

    /// <summary>Gets or sets by how much the clocks of SPiD and of this machine may differ.</summary>
    /// <value>The default is 30 seconds. From zero to 5 minutes.</value>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how often a token that was verified locally must also be confirmed by introspection.</summary>
    /// <value>
    /// <see langword="null"/>, the default, means never: a revoked token is good until it expires. From 1 second to 1 day; the bound for
    /// revocation is then this time, and a token that cannot be confirmed is answered as unavailable. For tokens verified locally it takes
    /// the place of <see cref="SpidVerificationCacheOptions.MaximumAge"/>; where that is shorter, tokens that only SPiD can verify are asked about as often as it says.
    /// </value>
    public TimeSpan? ConfirmRemotely { get; set; }

    /// <summary>Gets or sets a value indicating whether the host introspects a made-up token while it starts.</summary>
    /// <value>The default is <see langword="false"/>. A refusal of the credentials is logged and shows in the health check before the first request; any other failure is only logged.</value>
    public bool SelfTest { get; set; }

    /// <summary>Gets the settings of the cache of verified tokens.</summary>
    public SpidVerificationCacheOptions Cache { get; } = new();

    /// <summary>Gets the settings of the introspection endpoint.</summary>
    public SpidIntrospectionOptions Introspection { get; } = new();

    /// <summary>Gets the settings of the key set.</summary>
    public SpidKeySetOptions Keys { get; } = new();

    /// <summary>Gives the base URL of SPiD, whether it was set as environment or as authority.</summary>
    /// <returns>The base URL.</returns>
    /// <exception cref="InvalidOperationException">Neither is set.</exception>
    public Uri GetAuthority() => Environment is null && Authority is null
        ? throw new InvalidOperationException("Neither Environment nor Authority is set.")
        : Authorities.Resolve(Environment, Authority);
}
