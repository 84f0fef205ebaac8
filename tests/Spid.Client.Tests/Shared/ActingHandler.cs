namespace Spid.Client.Tests.Shared;

/// <summary>Stands in a chain and does what the test says, as handlers of applications do.</summary>
internal sealed class ActingHandler(Func<HttpRequestMessage, Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> act) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        act(request, () => base.SendAsync(request, cancellationToken));
}
