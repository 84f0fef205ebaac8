using System.Net.Http.Headers;
using Duende.IdentityModel.Client;

namespace Spid.Benchmarks.Rivals;

/// <summary>Bare Duende.IdentityModel, as it is written by hand: a token for each call.</summary>
internal sealed class BareRival : IRival
{
    private readonly HttpClient _http;
    private readonly BareRequest _request;

    public BareRival(World world)
    {
        _http = world.CreateClient();
        _request = new BareRequest(_http);
    }

    public string Name => "Duende.IdentityModel";

    public async Task<bool> CallAsync(int scope)
    {
        TokenResponse token = await _request.SendAsync($"read-{scope}");
        using var request = new HttpRequestMessage(HttpMethod.Get, World.Service);
        request.Headers.Authorization = token.AccessToken is { } value ? new AuthenticationHeaderValue("Bearer", value) : null;
        using HttpResponseMessage response = await _http.SendAsync(request);
        return response.IsSuccessStatusCode;
    }

    public void Dispose() => _http.Dispose();
}
