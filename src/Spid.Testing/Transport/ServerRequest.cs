namespace Spid.Testing.Transport;

/// <summary>One request as both transports hand it to the endpoints.</summary>
internal sealed class ServerRequest(string method, string path, string query, IReadOnlyDictionary<string, IReadOnlyList<string>> headers, byte[] body)
{
    public string Method { get; } = method;

    public string Path { get; } = path;

    public string Query { get; } = query;

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Headers { get; } = headers;

    public byte[] Body { get; } = body;

    public IReadOnlyList<KeyValuePair<string, string>> Form { get; } = FormReader.Read(headers, body);

    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? string.Join(", ", values) : null;

    public string? FormValue(string name) => FormValues(name).FirstOrDefault();

    public IEnumerable<string> FormValues(string name) =>
        Form.Where(field => string.Equals(field.Key, name, StringComparison.Ordinal)).Select(field => field.Value);

    /// <summary>The value of <c>Authorization</c> after the scheme, or <see langword="null"/> for another scheme or none.</summary>
    public string? Credentials(string scheme)
    {
        var value = Header("Authorization");
        return value is not null && value.StartsWith(scheme + " ", StringComparison.OrdinalIgnoreCase)
            ? value[(scheme.Length + 1)..].Trim()
            : null;
    }
}
