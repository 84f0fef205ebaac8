namespace Spid.Client.Tests.Shared;

/// <summary>Answers with one response that is there already, and allocates nothing.</summary>
internal sealed class ReadyHandler : HttpMessageHandler
{
    private readonly Task<HttpResponseMessage> _response = Task.FromResult(new HttpResponseMessage());

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _response;
}
