using System.Net;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <summary>A 401 whose body does not come: whoever asked for the headers alone does not wait for it longer than a second.</summary>
[CancelAfter(60_000)]
internal sealed class RefusalTests
{
    private const string Json = """{"error":"insufficient_scope"}""";

    private static readonly Uri Url = new("https://api.example.com/messages");

    private readonly DrivenClient _client = new();
    private readonly StubApi _api = new();
    private readonly LateStream _body = new();

    [TearDown]
    public void Dispose()
    {
        _client.Dispose();
        _api.Dispose();
        _body.Dispose();
    }

    [Test]
    public async Task SendAsync_BodyDoesNotCome_RenewsAndRepeatsAfterASecond(CancellationToken cancellationToken)
    {
        _api.AnswerWith(call => call.Number == 1 ? Refusal() : new HttpResponseMessage(HttpStatusCode.OK));
        using HttpClient http = CreateClient();

        using HttpResponseMessage response = await SendAsync(http, cancellationToken);
        await _body.Disposed.Task.WaitAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(_api.Tokens, Is.EqualTo(new[] { "token-1", "token-2" }));
            Assert.That(_body.WasReadWhileDisposed, Is.False, "a connection that is still being read must not serve another request");
        }
    }

    [Test]
    public async Task SendAsync_BodyComesLateAndNothingIsRepeated_ReachesTheCallerWhole(CancellationToken cancellationToken)
    {
        _api.AnswerWith(_ => Refusal());
        using HttpClient http = CreateClient();

        using HttpResponseMessage response = await SendAsync(http, cancellationToken, new OneShotContent([1]));
        Task<string> reading = response.Content.ReadAsStringAsync(cancellationToken);
        _body.Deliver(Json);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await reading, Is.EqualTo(Json));
    }

    [Test]
    public async Task SendAsync_BodyComesLate_IsGivenToTheReaderPieceByPiece(CancellationToken cancellationToken)
    {
        _api.AnswerWith(_ => Refusal());
        using HttpClient http = CreateClient();

        using HttpResponseMessage response = await SendAsync(http, cancellationToken, new OneShotContent([1]));
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        _body.Deliver("{", last: false);
        byte[] received = new byte[10];

        Assert.That(await stream.ReadAsync(received, cancellationToken), Is.EqualTo(1));
    }

    [Test]
    public async Task SendAsync_ReaderOfALateBodyCancels_EndsAtOnce(CancellationToken cancellationToken)
    {
        _api.AnswerWith(_ => Refusal());
        using HttpClient http = CreateClient();
        using var reader = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        using HttpResponseMessage response = await SendAsync(http, cancellationToken, new OneShotContent([1]));
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        Task<int> reading = stream.ReadAsync(new byte[1], reader.Token).AsTask();
        await reader.CancelAsync();

        Assert.That(() => reading, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task SendAsync_CancelledWhileTheBodyDoesNotCome_EndsTheReadAndDisposesTheBody(CancellationToken cancellationToken)
    {
        _api.AnswerWith(_ => Refusal());
        using HttpClient http = CreateClient();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);

        Task<HttpResponseMessage> sending = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, caller.Token);
        await _body.Awaited.Task.WaitAsync(cancellationToken);
        await caller.CancelAsync();

        Assert.That(() => sending, Throws.InstanceOf<OperationCanceledException>());
        await _body.Disposed.Task.WaitAsync(cancellationToken);
        Assert.That(_body.WasReadWhileDisposed, Is.False);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient http, CancellationToken cancellationToken, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = content };
        Task<HttpResponseMessage> sending = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await Wait.UntilAsync(() => _client.Time.Pauses == 1);
        _client.Time.Advance(TimeSpan.FromSeconds(1));
        return await sending;
    }

    private HttpClient CreateClient() => new(new SpidTokenHandler(_client.Tokens, new SpidTokenHandlerOptions { AllowedOrigins = { Url.GetLeftPart(UriPartial.Authority) }, ReplayBufferLimit = 0 })
    {
        InnerHandler = _api,
    });

    private HttpResponseMessage Refusal() => new(HttpStatusCode.Unauthorized)
    {
        Content = new StreamContent(_body) { Headers = { ContentType = new("application/json") } },
    };
}
