namespace Spid.Hosts.Tests.Shared;

/// <summary>Follows a redirect with a message of its own that has all headers of the first one, as handlers of applications do.</summary>
internal sealed class RedirectFollower : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        var next = new HttpRequestMessage(request.Method, response.Headers.Location ?? request.RequestUri);
        foreach ((string name, IEnumerable<string> values) in request.Headers)
        {
            next.Headers.TryAddWithoutValidation(name, values);
        }

        return await base.SendAsync(next, cancellationToken);
    }
}
