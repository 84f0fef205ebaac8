using System.Net.Http.Headers;

namespace Spid.Client.Tests.Shared;

/// <summary>Follows a redirect with a message of its own that has all headers of the first one, as handlers of applications do.</summary>
internal sealed class RedirectFollower(HeaderCopy copy) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var early = new HttpRequestMessage(request.Method, request.RequestUri);
        CopyText(request.Headers, early.Headers);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.Location is not { } location)
        {
            return response;
        }

        var next = new HttpRequestMessage(request.Method, location);
        switch (copy)
        {
            case HeaderCopy.Text:
                CopyText(request.Headers, next.Headers);
                break;
            case HeaderCopy.TextBeforeTheAnswer:
                CopyText(early.Headers, next.Headers);
                break;
            case HeaderCopy.Value:
                next.Headers.Authorization = request.Headers.Authorization;
                break;
            case HeaderCopy.SameMessage:
                next = request;
                next.RequestUri = location;
                break;
        }

        response.Dispose();
        return await base.SendAsync(next, cancellationToken);
    }

    private static void CopyText(HttpRequestHeaders from, HttpRequestHeaders to)
    {
        foreach ((string name, IEnumerable<string> values) in from)
        {
            to.TryAddWithoutValidation(name, values);
        }
    }
}
