namespace Spid.Hosts.Tests.Factories;

/// <summary>Calls the service upstream; knows nothing of tokens.</summary>
internal sealed class UpstreamClient(HttpClient http)
{
    public Task<string> GetAsync(CancellationToken cancellationToken) => http.GetStringAsync("messages", cancellationToken);
}
