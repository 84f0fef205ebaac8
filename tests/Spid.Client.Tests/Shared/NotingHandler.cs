namespace Spid.Client.Tests.Shared;

/// <summary>Notes each request that passes.</summary>
internal sealed class NotingHandler(Action<HttpRequestMessage> note) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        note(request);
        return base.SendAsync(request, cancellationToken);
    }
}
