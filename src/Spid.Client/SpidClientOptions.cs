using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Spid.Client;

/// <summary>Identifies a client of SPiD and the tokens it asks for. Configuration keys equal the property names.</summary>
/// <remarks>Validated when the host starts, or by the constructor of <see cref="Tokens.TokenClient"/>. Changes of the instance after that have no effect.</remarks>
[DisplayName("SPiD client")]
public sealed class SpidClientOptions
{
    /// <summary>The configuration section that <c>AddSpidClientCredentials()</c> reads.</summary>
    public const string SectionName = "Spid";

    /// <summary>Gets or sets the SPiD installation. Set this or <see cref="Authority"/>.</summary>
    /// <value>There is no default: credentials belong to one environment.</value>
    public SpidEnvironment? Environment { get; set; }

    /// <summary>Gets or sets the base URL of a SPiD installation that <see cref="SpidEnvironment"/> does not name.</summary>
    /// <value>An https URI, with or without a path; http on loopback, or with <see cref="AllowPlainHttp"/>. Paths such as <c>/oauth/token</c> are appended.</value>
    public Uri? Authority { get; set; }

    /// <summary>Gets or sets the address of the token endpoint, where its path is not SPiD's.</summary>
    /// <value>
    /// <see langword="null"/>, the default, means <c>/oauth/token</c> below the authority. An absolute URI without user info and fragment, https like
    /// <see cref="Authority"/>.
    /// </value>
    public Uri? TokenEndpoint { get; set; }

    /// <summary>Gets or sets the address at which <see cref="Registration.SpidRegistrationClient"/> registers clients, where its path is not SPiD's.</summary>
    /// <value><see langword="null"/>, the default, means <c>/oauth/register</c> below the authority. Else as <see cref="TokenEndpoint"/>.</value>
    public Uri? RegistrationEndpoint { get; set; }

    /// <summary>Gets or sets a value indicating whether SPiD may be reached over http on other machines too.</summary>
    /// <value>
    /// The default is <see langword="false"/>. The client secret and the tokens then travel as readable text, so this is for networks that
    /// protect them, such as a transparent mesh. It is logged at Warning when the host starts.
    /// </value>
    public bool AllowPlainHttp { get; set; }

    /// <summary>Gets or sets the client id that self service shows for the client, usually 24 hexadecimal digits.</summary>
    [Required(ErrorMessage = "ClientId is missing: set it to the client id that SPiD self service shows.")]
    public string? ClientId { get; set; }

    /// <summary>Gets or sets the client secret from self service. Keep it in a secret store, not in source.</summary>
    [Required(ErrorMessage = "ClientSecret is missing: set it to the client secret from SPiD self service, by way of a secret store.")]
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? ClientSecret { get; set; }

    /// <summary>Gets or sets a second secret, tried once when SPiD refuses the first.</summary>
    /// <value>None by default. SPiD regenerates secrets as a hard cut-over, so set the coming one here before the switch.</value>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? SecondaryClientSecret { get; set; }

    /// <summary>Gets or sets the scopes to ask for, space separated as in the protocol.</summary>
    /// <value>None by default, which leaves the choice to SPiD.</value>
    public string? Scope { get; set; }

    /// <summary>Gets the resource indicators (RFC 8707) of the services that the token is for; SPiD puts them into the audience.</summary>
    /// <value>Empty by default. Each is the URI that the other merchant registered in self service.</value>
    public IList<string> Resources { get; } = [];

    /// <summary>Gets further form fields for the token endpoint. They may hold secrets, so neither JSON nor debuggers show them.</summary>
    /// <value>Empty by default.</value>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IDictionary<string, string> Parameters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets or sets how the client authenticates.</summary>
    /// <value>The default is <see cref="SpidClientAuthentication.Basic"/>.</value>
    [EnumDataType(typeof(SpidClientAuthentication))]
    public SpidClientAuthentication ClientAuthentication { get; set; }

    /// <summary>Gets or sets a value indicating whether requests carry <c>X-OIDC: v1</c>, which selects SPiD's newer token service.</summary>
    /// <value>The default is <see langword="true"/>, as in the maintained Schibsted SDKs.</value>
    public bool SendOidcHeader { get; set; } = true;

    /// <summary>Gets or sets a value indicating whether the default token is requested while the host starts, before other hosted services.</summary>
    /// <value>The default is <see langword="false"/>. A failure is logged and does not stop the host.</value>
    public bool WarmUp { get; set; }

    /// <summary>Gets the settings of the token cache.</summary>
    [ValidateObjectMembers]
    public SpidTokenCacheOptions Cache { get; } = new();

    /// <summary>Gets the settings of timeouts, retries and failure memory.</summary>
    [ValidateObjectMembers]
    public SpidResilienceOptions Resilience { get; } = new();
}
