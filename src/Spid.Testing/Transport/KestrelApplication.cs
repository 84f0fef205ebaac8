using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Spid.Testing.Endpoints;

namespace Spid.Testing.Transport;

/// <summary>Feeds Kestrel's requests to the endpoints and writes their replies, broken ones included.</summary>
internal sealed class KestrelApplication(SpidPipeline pipeline, Lifeline lifeline, TimeProvider timeProvider) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifeline.Stopping);
        try
        {
            var request = await ReadAsync(context.Request, linked.Token).ConfigureAwait(false);
            var reply = await pipeline.HandleAsync(request, linked.Token).ConfigureAwait(false);
            await WriteAsync(context, reply, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static async Task<ServerRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        var headers = request.Headers.ToDictionary(
            header => header.Key,
            IReadOnlyList<string> (header) => [.. header.Value.OfType<string>()],
            StringComparer.OrdinalIgnoreCase);
        return new ServerRequest(request.Method, request.Path.Value ?? "/", request.QueryString.Value ?? "", headers, body.ToArray());
    }

    private async Task WriteAsync(HttpContext context, Reply reply, CancellationToken cancellationToken)
    {
        if (reply.Delivery is Delivery.Complete or Delivery.Truncated or Delivery.HangingBody)
        {
            await SendAsync(context.Response, reply, cancellationToken).ConfigureAwait(false);
        }

        if (reply.Delivery is Delivery.HangingBody or Delivery.HangingHeaders)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, cancellationToken).ConfigureAwait(false);
        }

        // An abort resets the connection, which would also take back what was sent. Kestrel closes a truncated one by itself,
        // because the declared length was not reached; a reset is what a drop wants, since clients silently resend after a close.
        if (reply.Delivery is Delivery.Dropped)
        {
            context.Abort();
        }
    }

    private static async Task SendAsync(HttpResponse response, Reply reply, CancellationToken cancellationToken)
    {
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers[name] = value;
        }

        // These carry no body by definition (RFC 9110, section 6.4.1) and Kestrel refuses a length on them.
        if (reply.Status is not (204 or 304))
        {
            response.ContentLength = reply.DeclaredLength;
            await response.Body.WriteAsync(reply.SentBody, cancellationToken).ConfigureAwait(false);
        }

        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
