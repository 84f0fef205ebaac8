namespace Spid.Hosts.Tests.Shared;

/// <summary>Tells of each request that passes.</summary>
internal sealed class NotingHandler(Action<HttpRequestMessage> note) : DelegatingHandler
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        note(request);
        return base.Send(request, cancellationToken);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        note(request);
        return base.SendAsync(request, cancellationToken);
    }
}
