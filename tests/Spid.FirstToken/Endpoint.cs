using System.Net;
using System.Text;

namespace Spid.FirstToken;

/// <summary>A token endpoint in memory.</summary>
internal sealed class Endpoint : HttpMessageHandler
{
    public const string AccessToken = "first-token";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent($$"""{"access_token":"{{AccessToken}}","token_type":"Bearer","expires_in":3600}""", Encoding.UTF8, "application/json"),
        });
}
