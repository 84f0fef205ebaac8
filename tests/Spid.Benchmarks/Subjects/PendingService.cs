namespace Spid.Benchmarks.Subjects;

/// <summary>A service that answers when told to, on the thread that tells it, so that the bytes of one thread are all bytes.</summary>
internal sealed class PendingService : HttpMessageHandler
{
    private readonly HttpResponseMessage _answer = new();
    private TaskCompletionSource<HttpResponseMessage> _pending = new();

    public void Answer() => _pending.SetResult(_answer);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _pending = new TaskCompletionSource<HttpResponseMessage>();
        return _pending.Task;
    }
}
