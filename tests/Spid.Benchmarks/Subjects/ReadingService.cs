namespace Spid.Benchmarks.Subjects;

/// <summary>A service that takes the body of a request as a connection does, and whose answer is there at once.</summary>
internal sealed class ReadingService : HttpMessageHandler
{
    private readonly HttpResponseMessage _answer = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
        return _answer;
    }
}
