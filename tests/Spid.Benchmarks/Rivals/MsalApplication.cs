using Microsoft.Identity.Client;

namespace Spid.Benchmarks.Rivals;

/// <summary>An application of MSAL.NET that asks a token endpoint in memory.</summary>
internal static class MsalApplication
{
    public static IConfidentialClientApplication Create(HttpClient http) => ConfidentialClientApplicationBuilder
        .Create("4e846356-9caf-4ca0-9190-000000000007")
        .WithClientSecret("secret")
        .WithAuthority("https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555", validateAuthority: false)
        .WithInstanceDiscovery(false)
        .WithHttpClientFactory(new Factory(http))
        .Build();

    private sealed class Factory(HttpClient http) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => http;
    }
}
