using Duende.IdentityModel.Client;

namespace Spid.FirstToken.Subjects;

/// <summary>Bare Duende.IdentityModel.</summary>
internal static class Subject
{
    public static async Task<string> GetTokenAsync(HttpMessageHandler endpoint)
    {
        using var http = new HttpClient(endpoint, disposeHandler: false);
        using var request = new ClientCredentialsTokenRequest
        {
            RequestUri = new Uri("https://identity-pre.schibsted.com/oauth/token"),
            ClientId = "4e8463569caf7ca019000007",
            ClientSecret = "secret",
            Scope = "read:messages",
        };
        TokenResponse response = await http.RequestClientCredentialsTokenAsync(request);
        return response.AccessToken!;
    }
}
