using System.Net;
using System.Text;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>The service answers 401 because a scope is missing (V23), and bodies of answers stay readable.</content>
internal sealed partial class SpidTokenHandlerTests
{
    private const string Flat = """{"error":"insufficient_scope","error_code":401,"type":"OAuthException"}""";

    [TestCase(Flat)]
    [TestCase("""{"error":{"code":401,"type":"insufficient_scope","description":"needs \"write:messages\""}}""")]
    [TestCase("""{"name":"SPP Container","code":401,"type":"error","error":{"code":401,"type":"insufficient_scope","description":{"scope":"missing"}},"data":null,"request":{"reset":1,"limit":2,"remaining":3}}""")]
    public async Task SendAsync_BodySaysInsufficientScope_RenewsNothing(string body, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(_ => StubApi.Unauthorized(body));

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", HttpCompletionOption.ResponseHeadersRead, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(await response.Content.ReadAsStringAsync(cancellationToken), Is.EqualTo(body));
            Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/json; charset=utf-8"));
            Assert.That(rig.Api.Count, Is.EqualTo(1));
            Assert.That(rig.Spid.Count, Is.EqualTo(1));
        }
    }

    [TestCase("Bearer error=\"insufficient_scope\", scope=\"write:messages\"")]
    [TestCase("Bearer realm=\"Service\",error=insufficient_scope")]
    [TestCase("Basic realm=\"x\", Bearer error=\"insufficient_scope\"")]
    public async Task SendAsync_ChallengeSaysInsufficientScope_RenewsNothing(string challenge, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(_ =>
        {
            HttpResponseMessage answer = StubApi.Unauthorized("{}");
            answer.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge);
            return answer;
        });

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(rig.Api.Count, Is.EqualTo(1));
        Assert.That(rig.Spid.Count, Is.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task SendAsync_LongBodyWithOrWithoutLength_ReachesTheCallerWhole(bool chunked, CancellationToken cancellationToken)
    {
        string body = """{"error":"invalid_token","padding":" """ + new string('x', 200_000) + "\"}";
        using var rig = new ApiRig(options => options.ReplayBufferLimit = 0);
        rig.Api.AnswerWith(_ => Answer(Encoding.UTF8.GetBytes(body), chunked));

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", OneShot("x"), cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await response.Content.ReadAsStringAsync(cancellationToken), Is.EqualTo(body));
    }

    [Test]
    public async Task SendAsync_ChunkedInsufficientScope_RenewsNothing(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(_ => Answer(Encoding.UTF8.GetBytes(Flat), chunked: true));

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", HttpCompletionOption.ResponseHeadersRead, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rig.Spid.Count, Is.EqualTo(1));
            await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var reader = new StreamReader(stream);
            Assert.That(await reader.ReadToEndAsync(cancellationToken), Is.EqualTo(Flat));
        }
    }

    [Test]
    public async Task SendAsync_BodyIsNotJson_IsLeftUnread(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.ReplayBufferLimit = 0);
        HttpResponseMessage answer = StubApi.Unauthorized("insufficient_scope", "text/plain");
        HttpContent content = answer.Content;
        rig.Api.AnswerWith(_ => answer);

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", OneShot("x"), cancellationToken);

        Assert.That(response.Content, Is.SameAs(content));
        Assert.That(rig.Spid.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task SendAsync_BodyBreaksOff_RenewsAndRepeats(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(call => call.Number == 1 ? Answer("{\"error\":"u8.ToArray(), chunked: true, new IOException("reset")) : new HttpResponseMessage(HttpStatusCode.OK));

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2" }));
    }

    [TestCaseSource(nameof(Faults))]
    public async Task SendAsync_BodyBreaksOffAndCannotBeRepeated_GivesTheCallerTheBeginningAndTheFault(Exception fault, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.ReplayBufferLimit = 0);
        rig.Api.AnswerWith(_ => Answer("{\"error\":"u8.ToArray(), chunked: true, fault));
        using var request = new HttpRequestMessage(HttpMethod.Post, "messages") { Content = OneShot("x") };

        using HttpResponseMessage response = await rig.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var received = new MemoryStream();
        Exception? met = await Assert.CatchAsync(() => response.Content.CopyToAsync(received, cancellationToken));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(met?.InnerException ?? met, Is.SameAs(fault));
            Assert.That(received.ToArray(), Is.EqualTo("{\"error\":"u8.ToArray()));
        }
    }

    private static IEnumerable<Exception> Faults() =>
        [new IOException("reset"), new InvalidDataException("bad gzip"), new HttpRequestException("gone")];

    private static HttpResponseMessage Answer(byte[] body, bool chunked, Exception? fault = null)
    {
        HttpContent content = chunked ? new StreamContent(new OneShotStream(body, fault)) : new ByteArrayContent(body);
        content.Headers.ContentType = new("application/problem+json");
        return new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = content };
    }

    private static StreamContent OneShot(string text) => new(new OneShotStream(Encoding.UTF8.GetBytes(text)));
}
