using System.Net;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>What a caller finds on the message afterwards.</content>
internal sealed partial class BodyRecordingTests
{
    [TestCase(200)]
    [TestCase(401)]
    [TestCase(500)]
    public async Task SendAsync_AnyAnswer_LeavesTheCallersContentOnTheMessage(int status, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(_ => new HttpResponseMessage((HttpStatusCode)status));
        var content = new OneShotContent(Bytes);
        using var request = new HttpRequestMessage(HttpMethod.Post, "messages") { Content = content };

        using HttpResponseMessage response = await rig.Client.SendAsync(request, cancellationToken);

        Assert.That(request.Content, Is.SameAs(content));
        Assert.That(content.IsDisposed, Is.False);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void SendAsync_ConnectionFails_LeavesTheCallersContentOnTheMessage(bool inTheRepetition, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        var failure = new HttpRequestException("reset");
        rig.Api.AnswerWith(call => inTheRepetition && call.Number == 1 ? StubApi.Unauthorized() : throw failure);
        var content = new OneShotContent(Bytes);
        using var request = new HttpRequestMessage(HttpMethod.Post, "messages") { Content = content };

        Assert.That(() => rig.Client.SendAsync(request, cancellationToken), Throws.Exception.SameAs(failure));
        Assert.That(request.Content, Is.SameAs(content));
        Assert.That(content.IsDisposed, Is.False);
    }

    [Test]
    public async Task SendAsync_Cancelled_LeavesTheCallersContentOnTheMessage(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Api.Answer = _ =>
        {
            reached.SetResult();
            return new TaskCompletionSource<HttpResponseMessage>().Task;
        };
        var content = new OneShotContent(Bytes);
        using var request = new HttpRequestMessage(HttpMethod.Post, "messages") { Content = content };
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        Task<HttpResponseMessage> call = rig.Client.SendAsync(request, caller.Token);
        await reached.Task.WaitAsync(cancellationToken);
        await caller.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => call);
        Assert.That(request.Content, Is.SameAs(content));
        Assert.That(content.IsDisposed, Is.False);
    }

    [Test]
    public void SendAsync_NoTokenToBeHad_LeavesTheContentUntouched(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(client: options => options.Resilience.RetryAttempts = 0);
        rig.Spid.AnswerWith(_ => StubSpid.Error(503));
        var content = new OneShotContent(Bytes);
        using var request = new HttpRequestMessage(HttpMethod.Post, "messages") { Content = content };

        Assert.That(() => rig.Client.SendAsync(request, cancellationToken), Throws.TypeOf<SpidException>());
        Assert.That(request.Content, Is.SameAs(content));
        Assert.That(content.Serializations, Is.Zero);
    }

    [Test]
    public void SendAsync_SerializationThrows_GivesThatToTheCaller([Values(0, 1)] int piece, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        var failure = new InvalidOperationException("no such record");
        var content = new OneShotContent([1], [2]) { Before = number => number == piece ? Task.FromException(failure) : Task.CompletedTask };
        using var request = new HttpRequestMessage(HttpMethod.Post, "messages") { Content = content };

        Assert.That(() => rig.Client.SendAsync(request, cancellationToken), Throws.Exception.SameAs(failure));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.Content, Is.SameAs(content));
            Assert.That(content.IsDisposed, Is.False);
            Assert.That(rig.Api.Count, Is.Zero);
        }
    }

    [Test]
    public async Task SendAsync_MessageDisposedOnItsWay_DisposesTheCallersContent(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.Touch = request => request.Dispose();
        var content = new OneShotContent(Bytes);

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(content.IsDisposed, Is.True);
    }

    [Test]
    public async Task SendAsync_RedirectedToGet_PutsNoBodyBackOnTheMessage(CancellationToken cancellationToken)
    {
        using var client = new TestClient();
        using var server = new LoopbackServer(head => head.StartsWith("GET", StringComparison.Ordinal)
            ? LoopbackServer.Status(200)
            : LoopbackServer.Status(303, "Location: /elsewhere\r\n"));
        var origin = new Uri($"http://localhost:{server.Port}");
        using var transport = new SocketsHttpHandler();
        using var http = new HttpClient(new SpidTokenHandler(client.Tokens, new SpidTokenHandlerOptions { AllowedOrigins = { origin.AbsoluteUri } }) { InnerHandler = transport });
        using var request = new HttpRequestMessage(HttpMethod.Post, origin) { Content = new OneShotContent([]) };

        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);

        Assert.That((response.StatusCode, request.Method, request.Content), Is.EqualTo((HttpStatusCode.OK, HttpMethod.Get, (HttpContent?)null)));
    }

    [TestCase(true, 1024, false)]
    [TestCase(true, 0, true)]
    [TestCase(false, 1024, true)]
    public async Task SendAsync_NothingToBeKept_SendsTheCallersContentItself(bool renews, long limit, bool same, CancellationToken cancellationToken)
    {
        HttpContent? sent = null;
        using var rig = new ApiRig(options => (options.RenewOnUnauthorized, options.ReplayBufferLimit) = (renews, limit));
        rig.Api.Touch = request => sent = request.Content;
        using var content = new OneShotContent(Bytes);

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        Assert.That(ReferenceEquals(sent, content), Is.EqualTo(same));
    }

    [Test]
    public async Task SendAsync_BodyThatCanBeSentAgain_IsSentItself(CancellationToken cancellationToken)
    {
        HttpContent? sent = null;
        using var rig = new ApiRig();
        rig.Api.Touch = request => sent = request.Content;
        foreach (TestCaseData data in SpidTokenHandlerTests.BodiesSentAgain())
        {
            using HttpContent content = ((Func<HttpContent>)data.Arguments[0]!)();
            using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

            Assert.That(sent, Is.SameAs(content), data.ArgDisplayNames![0]);
        }
    }

    [TestCaseSource(nameof(BodiesForOnce))]
    [TestCaseSource(typeof(SpidTokenHandlerTests), nameof(SpidTokenHandlerTests.BodiesSentAgain))]
    public async Task SendAsync_AnyBody_ArrivesAsWithoutAHandler(Func<HttpContent> create, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var without = new HttpMessageInvoker(rig.Api, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://api.example.com/v1/messages") { Content = create() };

        using HttpResponseMessage first = await without.SendAsync(request, cancellationToken);
        using HttpResponseMessage second = await rig.Client.PostAsync("messages", create(), cancellationToken);

        Assert.That(rig.Api.Calls.Last().Body, Is.EqualTo(rig.Api.Calls.First().Body).And.Not.Empty);
    }

    /// <summary>The platform decides by an internal property of the type whether a caller may have the answer while a body is being sent.</summary>
    [TestCaseSource(nameof(BodiesForOnce))]
    public async Task SendAsync_BodyForOnce_IsAsDuplexAsTheCallersContent(Func<HttpContent> create, CancellationToken cancellationToken)
    {
        HttpContent? sent = null;
        using var rig = new ApiRig();
        rig.Api.Touch = request => sent = request.Content;
        using HttpContent content = create();

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        Assert.That(sent, Is.Not.SameAs(content));
        Assert.That(AllowsDuplex(sent!), Is.EqualTo(AllowsDuplex(content)));
    }

    private static object? AllowsDuplex(HttpContent content) =>
        typeof(HttpContent).GetProperty("AllowDuplex", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.GetValue(content);
}
