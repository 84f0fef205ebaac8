namespace Spid.Client.Tests.Shared;

/// <summary>One request as a service saw it, copied while it was under way.</summary>
internal sealed record ApiCall(int Number, HttpMethod Method, Uri? Uri, string? Authorization, byte[] Body)
{
    public required Version Version { get; init; }

    public required HttpVersionPolicy VersionPolicy { get; init; }

    public required IReadOnlyDictionary<string, object?> Options { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required IReadOnlyDictionary<string, string> ContentHeaders { get; init; }

    /// <summary>Gets the token without its scheme.</summary>
    public string? Token => Authorization?["Bearer ".Length..];

    public static ApiCall From(int number, HttpRequestMessage request, byte[] body) =>
        new(number, request.Method, request.RequestUri, request.Headers.Authorization?.ToString(), body)
        {
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
            Options = new Dictionary<string, object?>(request.Options),
            Headers = Flatten(request.Headers.NonValidated),
            ContentHeaders = request.Content is null ? new Dictionary<string, string>() : Flatten(request.Content.Headers.NonValidated),
        };

    private static Dictionary<string, string> Flatten(System.Net.Http.Headers.HttpHeadersNonValidated headers) =>
        headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
}
