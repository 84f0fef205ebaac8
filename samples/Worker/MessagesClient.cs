using System.Net.Http.Json;

namespace Worker;

// begin: client
/// <summary>Calls another service; knows nothing of tokens.</summary>
internal sealed class MessagesClient(HttpClient http)
{
    public async Task<string[]> GetNewAsync(CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync<string[]>("/messages", cancellationToken) ?? [];
}
// end: client
