namespace Spid.Benchmarks.Subjects;

/// <summary>A service whose answer is there at once and costs nothing, unless the caller disposes of it and needs a new one each time.</summary>
internal sealed class PromptService(bool renewsAnswer = false) : HttpMessageHandler
{
    private readonly Task<HttpResponseMessage> _answer = Task.FromResult(new HttpResponseMessage());

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        renewsAnswer ? Task.FromResult(new HttpResponseMessage()) : _answer;
}
