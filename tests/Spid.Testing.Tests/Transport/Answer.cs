using System.Text.Json;

namespace Spid.Testing.Tests.Transport;

internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public JsonElement Json { get; } = Parse(Text);

    public string? AccessToken => Json.GetProperty("access_token").GetString();

    public string? Error => Json.GetProperty("error").GetString();

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, headers, await response.Content.ReadAsStringAsync());
    }

    public IEnumerable<string> Names() => Json.EnumerateObject().Select(member => member.Name);

    private static JsonElement Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
