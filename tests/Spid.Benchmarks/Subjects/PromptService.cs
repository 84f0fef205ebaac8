namespace Spid.Benchmarks.Subjects;

/// <summary>A service whose answer is there at once and costs nothing.</summary>
internal sealed class PromptService : HttpMessageHandler
{
    private readonly Task<HttpResponseMessage> _answer = Task.FromResult(new HttpResponseMessage());

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _answer;
}
