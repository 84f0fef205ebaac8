using System.Net.Http.Headers;

namespace Spid.Benchmarks.Subjects;

/// <summary>The least that a handler with an Authorization header can do, and so the yardstick.</summary>
internal sealed class ConstantHeaderHandler : DelegatingHandler
{
    private readonly AuthenticationHeaderValue _header = new("Bearer", TokenEndpointStub.AccessToken);

    /// <summary>Creates the handler for a factory, which appoints the inner one.</summary>
    public ConstantHeaderHandler()
    {
    }

    public ConstantHeaderHandler(HttpMessageHandler inner)
        : base(inner)
    {
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _header;
        return base.SendAsync(request, cancellationToken);
    }
}
