namespace Spid.Client.Tests.Shared;

/// <summary>A request as it went out.</summary>
internal sealed record SentRequest(HttpMethod Method, Uri Uri, string Form, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Gets the form fields in their order, still encoded.</summary>
    public string[] Fields => Form.Split('&');

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public static async Task<SentRequest> CopyAsync(HttpRequestMessage message) => new(
        message.Method,
        message.RequestUri!,
        await message.Content!.ReadAsStringAsync(),
        message.Content.Headers.ContentType?.ToString(),
        message.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
}
