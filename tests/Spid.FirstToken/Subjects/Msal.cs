using Microsoft.Identity.Client;

namespace Spid.FirstToken.Subjects;

/// <summary>MSAL.NET.</summary>
internal static class Subject
{
    public static async Task<string> GetTokenAsync(HttpMessageHandler endpoint)
    {
        using var http = new HttpClient(endpoint, disposeHandler: false);
        IConfidentialClientApplication application = ConfidentialClientApplicationBuilder
            .Create("4e846356-9caf-4ca0-9190-000000000007")
            .WithClientSecret("secret")
            .WithAuthority("https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555", validateAuthority: false)
            .WithInstanceDiscovery(false)
            .WithHttpClientFactory(new Factory(http))
            .Build();
        return (await application.AcquireTokenForClient(["https://service.example.com/.default"]).ExecuteAsync()).AccessToken;
    }

    private sealed class Factory(HttpClient http) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => http;
    }
}
