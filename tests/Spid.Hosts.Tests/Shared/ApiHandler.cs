using System.Net;
using System.Text;

namespace Spid.Hosts.Tests.Shared;

/// <summary>Takes requests to an <see cref="Api"/> as a transport does: whatever host they name, and the body read once.</summary>
internal class ApiHandler(Api api) : HttpMessageHandler
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        if (request.Content is { } content)
        {
            await content.CopyToAsync(body, cancellationToken);
        }

        HttpStatusCode status = api.Receive(
            request.Method.Method, request.RequestUri, request.Headers.Authorization?.ToString(), Encoding.UTF8.GetString(body.ToArray()));
        HttpResponseMessage response = Answer(status);
        response.RequestMessage = request;
        if (status is HttpStatusCode.TemporaryRedirect)
        {
            response.Headers.Location = api.RedirectTarget;
        }

        return response;
    }

    protected virtual HttpResponseMessage Answer(HttpStatusCode status) => new(status) { Content = new StringContent("answer") };
}
