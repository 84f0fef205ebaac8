using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Wire;

/// <content>Who waits for a request leaves when it is cancelled, and never before the request itself has been told.</content>
internal sealed partial class ExchangeTests
{
    [Test(Description = "A timeout that strikes on another thread, just when the request has been sent: its source may be disposed as soon as the call ends")]
    public async Task SendAsync_CancelledWhileItIsBeingSent_EndsAfterTheRequestWasTold(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource();
        using var striking = new StrikingHandler(timeout);
        using var client = new HttpClient(striking);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://spid.example");

        Task<string> call = new Exchange<string>(client, request, static (_, out fault) => fault = "unread", TimeProvider.System).SendAsync(timeout.Token);
        bool leftUntold = call.IsCompleted && !striking.Request.IsCancellationRequested;
        striking.Release();

        Assert.That(async () => await call.WaitAsync(cancellationToken), Throws.InstanceOf<OperationCanceledException>());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(leftUntold, Is.False);
            Assert.That(striking.Request.IsCancellationRequested, Is.True);
        }

        await striking.Struck;
    }

    [Test(Description = "A body that takes no notice of a cancellation keeps nobody, and its late failure is nobody's error")]
    [NonParallelizable] // It listens to the whole process.
    public async Task SendAsync_BodyTakesNoNotice_LeavesItAndNothingUnobserved(CancellationToken cancellationToken)
    {
        IReadOnlyList<Exception> unobserved = await Unobserved.AfterAsync(LeaveAsync);

        Assert.That(unobserved, Is.Empty);

        async Task LeaveAsync()
        {
            using var timeout = new CancellationTokenSource();
            var body = new TaskCompletionSource<int>();
            using var client = new HttpClient(new DeafHandler(body.Task));
            using var request = new HttpRequestMessage(HttpMethod.Get, "https://spid.example");
            Task<string> call = new Exchange<string>(client, request, static (_, out fault) => fault = "unread", TimeProvider.System).SendAsync(timeout.Token);
            await timeout.CancelAsync();
            Assert.That(async () => await call.WaitAsync(cancellationToken), Throws.InstanceOf<OperationCanceledException>());
            body.SetException(new IOException("a late failure"));
        }
    }

    /// <summary>Has its request cancelled by another thread, which it holds before any other callback runs.</summary>
    private sealed class StrikingHandler(CancellationTokenSource timeout) : HttpMessageHandler
    {
        private readonly ManualResetEventSlim _striking = new();
        private readonly ManualResetEventSlim _release = new();

        public CancellationToken Request { get; private set; }

        public Task Struck { get; private set; } = Task.CompletedTask;

        public void Release() => _release.Set();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Request = cancellationToken;
            timeout.Token.Register(() =>
            {
                _striking.Set();
                _release.Wait(CancellationToken.None);
            });
            Struck = Task.Run(timeout.Cancel, CancellationToken.None);
            _striking.Wait(CancellationToken.None);
            return new TaskCompletionSource<HttpResponseMessage>().Task;
        }

        protected override void Dispose(bool disposing)
        {
            _release.Set();
            base.Dispose(disposing);
        }
    }

    private sealed class DeafHandler(Task<int> body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new DeafStream(body)) });
    }

    private sealed class DeafStream(Task<int> body) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(body);
    }
}
