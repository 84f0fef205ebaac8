namespace Spid.ResourceServer.Introspection;

/// <summary>Sends each request with a client of its own, for a caller that keeps one client for good: so handlers rotate, and one that cannot be made fails a single request.</summary>
internal sealed class ForwardingHandler(Func<HttpClient> getHttpClient) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A message can be sent by one client only.
        using var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content, Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach ((string name, IEnumerable<string> values) in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        try
        {
            return await getHttpClient().SendAsync(copy, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // The content stays the caller's to dispose.
            copy.Content = null;
        }
    }
}
