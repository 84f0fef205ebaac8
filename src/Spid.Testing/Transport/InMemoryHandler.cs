using System.Net;
using System.Net.Sockets;
using Spid.Testing.Endpoints;

namespace Spid.Testing.Transport;

/// <summary>Hands requests straight to the endpoints and fails as a real connection does.</summary>
internal sealed class InMemoryHandler(SpidPipeline pipeline, Lifeline lifeline, TimeProvider timeProvider) : HttpMessageHandler
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!lifeline.IsRunning)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused: the SPiD server is stopped.");
        }

        var stopping = lifeline.Stopping;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        try
        {
            var received = await ReadAsync(request, linked.Token).ConfigureAwait(false);
            var reply = await pipeline.HandleAsync(received, linked.Token).ConfigureAwait(false);
            if (reply.Delivery is Delivery.HangingHeaders)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, linked.Token).ConfigureAwait(false);
            }

            return reply.Delivery is Delivery.Dropped ? throw Reset() : Respond(request, reply, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Reset();
        }
    }

    private static async Task<ServerRequest> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        byte[] body = [];
        foreach (var header in request.Headers.NonValidated)
        {
            headers[header.Key] = [header.Value.ToString()];
        }

        if (request.Content is not null)
        {
            body = await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            foreach (var header in request.Content.Headers.NonValidated)
            {
                headers[header.Key] = [header.Value.ToString()];
            }
        }

        var uri = request.RequestUri ?? throw new InvalidOperationException("The request has no URI: set HttpClient.BaseAddress or use an absolute one.");
        return new ServerRequest(request.Method.Method, Uri.UnescapeDataString(uri.AbsolutePath), uri.Query, headers, body);
    }

    private HttpResponseMessage Respond(HttpRequestMessage request, Reply reply, CancellationToken stopping)
    {
        HttpContent content = reply.Delivery is Delivery.Complete
            ? new ByteArrayContent(reply.Body)
            : new StreamContent(new BrokenStream(reply, timeProvider, stopping));
        content.Headers.ContentLength = reply.DeclaredLength;
        var response = new HttpResponseMessage((HttpStatusCode)reply.Status) { Content = content, RequestMessage = request, Version = HttpVersion.Version11 };
        if (reply.ContentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", reply.ContentType);
        }

        foreach (var (name, value) in reply.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    private static HttpRequestException Reset() => new(
        "An error occurred while sending the request.",
        new IOException("The connection was reset.", new SocketException((int)SocketError.ConnectionReset)));
}
