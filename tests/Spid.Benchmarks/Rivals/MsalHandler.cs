using System.Net.Http.Headers;
using Microsoft.Identity.Client;

namespace Spid.Benchmarks.Rivals;

/// <summary>The handler that users of MSAL.NET write.</summary>
internal sealed class MsalHandler(IConfidentialClientApplication application) : DelegatingHandler
{
    private static readonly string[] Scopes = ["https://service.example.com/.default"];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AuthenticationResult token = await application.AcquireTokenForClient(Scopes).ExecuteAsync(cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
        return await base.SendAsync(request, cancellationToken);
    }
}
