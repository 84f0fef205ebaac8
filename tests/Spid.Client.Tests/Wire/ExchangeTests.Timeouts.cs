using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Wire;

/// <content>C2: servers that go silent. The clock is moved; nothing waits for real time.</content>
internal sealed partial class ExchangeTests
{
    [TestCase("")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Le")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"access_token\":\"")]
    [TestCase("HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [Test(Description = "C2 TCP: stall before headers, within them and in the body")]
    public async Task SendAsync_ServerGoesSilent_EndsByTheAttemptTimeout(string beginning, CancellationToken cancellationToken)
    {
        var silent = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(beginning);
            silent.SetResult();
            await connection.HangAsync();
        });
        using var client = new SocketClient(server.Authority);

        await AssertTimesOutAsync(client, silent.Task, cancellationToken);
    }

    [Test(Description = "C2 TCP: black hole")]
    public async Task SendAsync_ServerNeverReads_EndsByTheAttemptTimeout(CancellationToken cancellationToken)
    {
        var connected = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            connected.SetResult();
            await connection.HangAsync();
        });
        using var client = new SocketClient(server.Authority);

        await AssertTimesOutAsync(client, connected.Task, cancellationToken);
    }

    [Test(Description = "C2 TCP: a byte at a time keeps no attempt alive")]
    public async Task SendAsync_ServerDripsItsBody_EndsByTheAttemptTimeout(CancellationToken cancellationToken)
    {
        var dripping = new TaskCompletionSource();
        using var client = new SocketClient(new Uri("http://localhost:1"), handler: new DrippingHandler(dripping));

        await AssertTimesOutAsync(client, dripping.Task, cancellationToken);
    }

    [Test(Description = "C2: a timeout of the HttpClient itself is no cancellation")]
    public async Task SendAsync_HttpClientTimesOut_IsTransient(CancellationToken cancellationToken)
    {
        using var client = new SocketClient(new Uri("http://localhost:1"), handler: new CancellingHandler());

        SpidException failure = await client.FailAsync(SpidErrorKind.Transient, cancellationToken);

        Assert.That(failure.Message, Is.EqualTo("http://localhost:1/oauth/token could not be reached: it did not answer in time."));
    }

    [Test(Description = "C1 R8: the caller's own cancellation stays one, with the caller's token")]
    public async Task RequestTokenAsync_CallerCancelsWhileTheServerIsSilent_IsCancelled(CancellationToken cancellationToken)
    {
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var silent = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            silent.SetResult();
            await connection.HangAsync();
        });
        using var client = new SocketClient(server.Authority);

        Task<ServerToken> call = client.Tokens.RequestTokenAsync(impatience.Token);
        await silent.Task.WaitAsync(cancellationToken);
        await impatience.CancelAsync();
        OperationCanceledException? cancellation = null;
        try
        {
            await call;
        }
        catch (OperationCanceledException exception)
        {
            cancellation = exception;
        }

        Assert.That(cancellation?.CancellationToken, Is.EqualTo(impatience.Token));
        Canary.AssertAbsent(cancellation?.ToString());
    }

    private static async Task AssertTimesOutAsync(SocketClient client, Task reached, CancellationToken cancellationToken)
    {
        Task<SpidException> call = client.FailAsync(SpidErrorKind.Transient, cancellationToken);
        await reached.WaitAsync(cancellationToken);
        client.Time.Advance(TimeSpan.FromSeconds(4) - TimeSpan.FromMilliseconds(1));
        bool early = call.IsCompleted;
        client.Time.Advance(TimeSpan.FromMilliseconds(1));
        SpidException failure = await call;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(early, Is.False);
            Assert.That(failure.Message, Does.EndWith("/oauth/token could not be reached: it did not answer in time."));
            Assert.That(failure.SpidStatusCode, Is.Null);
        }
    }

    /// <summary>A body that always has one more byte, as fast as it is read.</summary>
    private sealed class DrippingHandler(TaskCompletionSource dripping) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new DrippingStream(dripping)) });
    }

    private sealed class DrippingStream(TaskCompletionSource dripping) : MemoryStream
    {
        private int _bytes;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (++_bytes < 100)
            {
                buffer.Span[0] = (byte)' ';
                return 1;
            }

            dripping.TrySetResult();
            var never = new TaskCompletionSource();
            await never.Task.WaitAsync(cancellationToken);
            return 0;
        }
    }

    /// <summary>Does what an <see cref="HttpClient"/> does whose own timeout has elapsed.</summary>
    private sealed class CancellingHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout.", new TimeoutException());
    }
}
