using System.Net.Http.Headers;
using Microsoft.Identity.Client;

namespace Spid.Benchmarks.Rivals;

/// <summary>MSAL.NET. It has no handler for other HTTP clients; its documentation has callers ask for the token and set the header.</summary>
internal sealed class MsalRival : IRival
{
    private readonly HttpClient _http;
    private readonly string[][] _scopes = [.. Enumerable.Range(0, 10).Select(number => new[] { $"https://service-{number}.example.com/.default" })];

    public MsalRival(World world)
    {
        _http = world.CreateClient();
        Application = MsalApplication.Create(_http);
    }

    public string Name => "MSAL.NET";

    public IConfidentialClientApplication Application { get; }

    public async Task<bool> CallAsync(int scope)
    {
        AuthenticationResult token = await Application.AcquireTokenForClient(_scopes[scope]).ExecuteAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, World.Service) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken) } };
        using HttpResponseMessage response = await _http.SendAsync(request);
        return response.IsSuccessStatusCode;
    }

    public void Dispose() => _http.Dispose();
}
