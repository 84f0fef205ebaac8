namespace Spid.Benchmarks.Rivals;

/// <summary>Leads to a handler that outlives the factory it is given to. OpenIddict takes no other primary handler than this base class.</summary>
internal sealed class Passage(HttpMessageHandler destination) : HttpClientHandler
{
    private readonly HttpMessageInvoker _destination = new(destination, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _destination.SendAsync(request, cancellationToken);
}
