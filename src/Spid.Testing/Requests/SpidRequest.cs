using System.Text;
using Spid.Testing.Transport;

namespace Spid.Testing.Requests;

/// <summary>Shows one request the server received.</summary>
/// <remarks>It holds secrets and tokens as they came, so that a test can assert on them; only <see cref="ToString"/> leaves them out.</remarks>
public sealed class SpidRequest
{
    private readonly ServerRequest _request;
    private volatile int _status;

    internal SpidRequest(SpidEndpoint endpoint, ServerRequest request, string? clientId, DateTimeOffset receivedAt)
    {
        _request = request;
        Endpoint = endpoint;
        ClientId = clientId;
        ReceivedAt = receivedAt;
    }

    /// <summary>Gets the endpoint the request was for.</summary>
    public SpidEndpoint Endpoint { get; }

    /// <summary>Gets the HTTP method, in upper case.</summary>
    public string Method => _request.Method;

    /// <summary>Gets the decoded path.</summary>
    public string Path => _request.Path;

    /// <summary>Gets the query with its question mark, or an empty string.</summary>
    public string Query => _request.Query;

    /// <summary>Gets the header values by name, in any case.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Headers => _request.Headers;

    /// <summary>Gets the decoded form fields in the order sent, repeated ones included; empty for another content type.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Form => _request.Form;

    /// <summary>Gets the body as text.</summary>
    public string Body => Encoding.UTF8.GetString(_request.Body);

    /// <summary>Gets the id of the client that sent the request: as claimed in its credentials, or of the bearer token's client.</summary>
    /// <value><see langword="null"/> when the request names none.</value>
    public string? ClientId { get; }

    /// <summary>Gets when the request came, on the server's clock.</summary>
    public DateTimeOffset ReceivedAt { get; }

    /// <summary>Gets the status answered.</summary>
    /// <value><see langword="null"/> while there is none yet, and for good after a hang or a dropped connection.</value>
    public int? Status
    {
        get => _status is var status && status > 0 ? status : null;
        internal set => _status = value ?? 0;
    }

    /// <summary>Gets the values of one header joined by commas, or <see langword="null"/>.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The value.</returns>
    public string? Header(string name) => _request.Header(name);

    /// <summary>Gets the values of one form field in the order sent.</summary>
    /// <param name="name">The name, in exact case.</param>
    /// <returns>The values; empty when the field is missing.</returns>
    public IReadOnlyList<string> FormValues(string name) => [.. _request.FormValues(name)];

    /// <summary>Describes the request without its secrets and tokens.</summary>
    /// <returns>The description.</returns>
    public override string ToString() => RequestText.Describe(this);
}
