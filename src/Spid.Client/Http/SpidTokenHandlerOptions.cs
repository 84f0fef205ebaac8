using System.ComponentModel;

namespace Spid.Client.Http;

/// <summary>Sets which token the requests of one <see cref="HttpClient"/> carry, and where to.</summary>
[DisplayName("token handler of HttpClient")]
public sealed class SpidTokenHandlerOptions
{
    /// <summary>Gets or sets the scopes of the token, space separated.</summary>
    /// <value><see langword="null"/>, the default, leaves them to the options of the SPiD client.</value>
    public string? Scope { get; set; }

    /// <summary>Gets the resource indicators of the token.</summary>
    /// <value>Empty, the default, leaves them to the options of the SPiD client.</value>
    public IList<string> Resources { get; } = [];

    /// <summary>Gets the origins (scheme, host and port) that may receive the token, for example <c>https://api.example.com</c>.</summary>
    /// <value>
    /// Empty by default. The <see cref="HttpClient.BaseAddress"/> that was set through the client's builder is always allowed, and so is the
    /// <c>Address</c> of a gRPC client; one that is set in the constructor of a typed client is not seen, and belongs here.
    /// A name that service discovery resolves, such as <c>https+http://orders</c>, stands for whatever address it is resolved to. Plain http is for loopback only, unless <see cref="AllowPlainHttp"/> is set.
    /// </value>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Gets or sets a value indicating whether any https origin may receive the token.</summary>
    /// <value>The default is <see langword="false"/>: every recipient of a token can use it.</value>
    public bool AllowAnyHttpsOrigin { get; set; }

    /// <summary>Gets or sets a value indicating whether the base address and <see cref="AllowedOrigins"/> may use http on other machines too.</summary>
    /// <value>
    /// The default is <see langword="false"/>. The token then travels as readable text, so this is for networks that protect it, such as a
    /// transparent mesh. It is logged at Warning when the host starts, and <see cref="AllowAnyHttpsOrigin"/> is for https all the same.
    /// </value>
    public bool AllowPlainHttp { get; set; }

    /// <summary>Gets or sets a value indicating whether a 401 leads to one renewal and one repetition of the request.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool RenewOnUnauthorized { get; set; } = true;

    /// <summary>Gets or sets up to how many bytes of a request body are kept while it is sent, so that it can be repeated after a 401.</summary>
    /// <value>
    /// 0 to 64 MiB. The default is 64 KiB. A longer body is sent all the same and not repeated; with 0 nothing is kept, and the 401 goes to the caller.
    /// </value>
    /// <remarks>
    /// For bodies that can be sent only once, or that may be such, like <see cref="System.Net.Http.Json.JsonContent"/>. They are still streamed, and
    /// the copy is freed when the call ends. Strings, bytes, forms and streams that can seek are repeated without one, whatever their length.
    /// </remarks>
    public long ReplayBufferLimit { get; set; } = 64 * 1024;
}
