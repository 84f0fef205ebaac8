using System.Net.Http.Headers;

namespace Spid.Benchmarks.Subjects;

/// <summary>The least that a handler with an Authorization header can do, and so the yardstick.</summary>
internal sealed class ConstantHeaderHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly AuthenticationHeaderValue _header = new("Bearer", TokenEndpointStub.AccessToken);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _header;
        return base.SendAsync(request, cancellationToken);
    }
}
