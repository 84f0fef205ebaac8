using System.Net.Http.Headers;

namespace Spid.Client.Tests.Shared;

/// <summary>The least that a handler can do to authenticate: sets one ready-made header.</summary>
internal sealed class ConstantHeaderHandler : DelegatingHandler
{
    private readonly AuthenticationHeaderValue _value = new("Bearer", "token-1");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _value;
        return base.SendAsync(request, cancellationToken);
    }
}
