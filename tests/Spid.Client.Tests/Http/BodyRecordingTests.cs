using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Threading.Channels;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <summary>Bodies that can be sent only once are kept while they are sent, and repeated after a 401 byte for byte or not at all.</summary>
[CancelAfter(60_000)]
internal sealed partial class BodyRecordingTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 1000).Select(number => (byte)number)];

    [Test(Description = "A1")]
    public async Task SendAsync_SequenceOfRecords_IsRepeatedWithAllRecords(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.Refuse("token-1");

        using HttpResponseMessage response = await rig.Client.PostAsJsonAsync("bulk", RecordsAsync(5, cancellationToken), cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(BodiesOf(rig), Is.EqualTo(new[] { "[1,2,3,4,5]", "[1,2,3,4,5]" }));
    }

    [TestCase(0, Description = "A1")]
    [TestCase(10, Description = "A1")]
    public async Task SendAsync_SequenceOfRecordsBeyondTheLimit_GivesThe401ToTheCallerAndRenews(long limit, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.ReplayBufferLimit = limit);
        rig.Api.Refuse("token-1");

        using HttpResponseMessage first = await rig.Client.PostAsJsonAsync("bulk", RecordsAsync(5, cancellationToken), cancellationToken);
        using HttpResponseMessage second = await rig.Client.PostAsJsonAsync("bulk", RecordsAsync(2, cancellationToken), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(new[] { first.StatusCode, second.StatusCode }, Is.EqualTo(new[] { HttpStatusCode.Unauthorized, HttpStatusCode.OK }));
            Assert.That(BodiesOf(rig), Is.EqualTo(new[] { "[1,2,3,4,5]", "[1,2]" }));
            Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2" }));
            Assert.That(await first.Content.ReadAsStringAsync(cancellationToken), Does.Contain("invalid_token"));
        }
    }

    [TestCaseSource(nameof(BodiesForOnce))]
    public async Task SendAsync_BodyForOnce_ArrivesTwiceByteForByte(Func<HttpContent> create, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.Refuse("token-1");
        using HttpContent content = create();
        content.Headers.ContentLanguage.Add("nb");
        content.Headers.TryAddWithoutValidation("X-Two", ["a", "b"]);

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        ApiCall[] calls = [.. rig.Api.Calls];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(calls.Select(call => call.Body), Is.EqualTo(new[] { calls[0].Body, calls[0].Body }));
            Assert.That(calls[0].Body, Is.Not.Empty);
            Assert.That(calls[1].ContentHeaders, Is.EqualTo(calls[0].ContentHeaders));
            Assert.That(calls[0].ContentHeaders, Contains.Key("Content-Language").WithValue("nb").And.ContainKey("X-Two"));
            Assert.That(calls[0].ContentHeaders.GetValueOrDefault("Content-Type"), Is.EqualTo(content.Headers.ContentType?.ToString()));
        }
    }

    [Test(Description = "A28")]
    public async Task SendAsync_BodyAtTheLimitAndOneByteMore_IsRepeatedOnlyUpToIt([Values] bool known, [Values(1, 7, 1000)] int piece, [Values(999, 1000)] int limit, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.ReplayBufferLimit = limit);
        rig.Api.Refuse("token-1");
        using var content = new OneShotContent([.. Bytes.Chunk(piece)]);
        content.Headers.ContentLength = known ? Bytes.Length : null;

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(limit == 1000 ? HttpStatusCode.OK : HttpStatusCode.Unauthorized));
            Assert.That(rig.Api.Calls.Select(call => call.Body), Has.Exactly(limit == 1000 ? 2 : 1).EqualTo(Bytes).And.All.EqualTo(Bytes));
            Assert.That(rig.Api.Calls.Select(call => call.ContentHeaders.GetValueOrDefault("Content-Length")), Has.All.EqualTo(known ? "1000" : null));
            Assert.That(content.Serializations, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task SendAsync_DefaultLimit_CoversSixtyFourKibibytes([Values(0, 1)] int more, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.Refuse("token-1");

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", new OneShotContent(new byte[65_536 + more]), cancellationToken);

        Assert.That(response.IsSuccessStatusCode, Is.EqualTo(more == 0));
    }

    [Test]
    public async Task SendAsync_RefusedTwice_GivesTheSecond401ToTheCaller(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(_ => StubApi.Unauthorized());

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", new OneShotContent(Bytes), cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(rig.Api.Calls.Select(call => call.Body), Is.EqualTo(new[] { Bytes, Bytes }));
    }

    [Test]
    public async Task SendAsync_ManyAtOnceRefused_EachRepeatsItsOwnBody(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.Refuse("token-1");

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => Task.Run(
            () => rig.Client.PostAsync("messages", new OneShotContent(BitConverter.GetBytes(number), new byte[number]), cancellationToken), cancellationToken)));

        Assert.That(responses.Select(response => response.StatusCode), Has.All.EqualTo(HttpStatusCode.OK));
        Assert.That(
            rig.Api.Calls.Where(call => call.Token == "token-2").Select(call => (BitConverter.ToInt32(call.Body), call.Body.Length)),
            Is.EquivalentTo(Enumerable.Range(0, 100).Select(number => (number, number + 4))));
    }

    [Test(Description = "A28")]
    public void Send_BodyForOnce_IsRepeated(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.Refuse("token-1");
        using var content = new StreamContent(new OneShotStream(Bytes));
        using var request = new HttpRequestMessage(HttpMethod.Post, "messages") { Content = content };

        using HttpResponseMessage response = rig.Client.Send(request, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(rig.Api.Calls.Select(call => call.Body), Is.EqualTo(new[] { Bytes, Bytes }));
            Assert.That(request.Content, Is.SameAs(content));
        }
    }

    [Test]
    public void Send_BodyBeyondTheLimit_GivesThe401ToTheCaller([Values] bool known, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.ReplayBufferLimit = 999);
        rig.Api.Refuse("token-1");
        using var content = new StreamContent(new OneShotStream(Bytes)) { Headers = { ContentLength = known ? Bytes.Length : null } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "messages") { Content = content };

        using HttpResponseMessage response = rig.Client.Send(request, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(rig.Api.Calls.Single().Body, Is.EqualTo(Bytes));
        Assert.That(request.Content, Is.SameAs(content));
    }

    [Test]
    public void Send_BodyBreaksOff_GivesTheFaultToTheCaller(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        var fault = new IOException("reset");
        using var content = new StreamContent(new OneShotStream(Bytes, fault));
        using var request = new HttpRequestMessage(HttpMethod.Post, "messages") { Content = content };

        Assert.That(() => rig.Client.Send(request, cancellationToken), Throws.TypeOf<HttpRequestException>().With.InnerException.SameAs(fault));
        Assert.That(request.Content, Is.SameAs(content));
    }

    private static IEnumerable<TestCaseData> BodiesForOnce()
    {
        yield return Case("sequence", () => JsonContent.Create(RecordsAsync(3, CancellationToken.None)));
        yield return Case("application's own", () => new OneShotContent([1, 2], [3]));
        yield return Case("stream", () => new StreamContent(new OneShotStream(Bytes)));
        yield return Case("stream with length", () => new StreamContent(new OneShotStream(Bytes)) { Headers = { ContentLength = Bytes.Length } });
        yield return Case("multipart", () => new MultipartContent("mixed", "edge") { new StringContent("a"), new StreamContent(new OneShotStream(Bytes)) });
        yield return Case("nested multipart", () => new MultipartFormDataContent("edge") { { new MultipartContent("mixed", "inner") { new OneShotContent(Bytes) }, "file" } });
        yield return Case("derived bytes", () => new CountingBytes());
        yield return Case("derived stream", () => new CountingStream());
        yield return Case("derived multipart", () => new CountingMultipart { new StringContent("a") });

        static TestCaseData Case(string name, Func<HttpContent> create) => new TestCaseData(create).SetArgDisplayNames(name);
    }

    private static string[] BodiesOf(ApiRig rig) => [.. rig.Api.Calls.Select(call => Encoding.UTF8.GetString(call.Body))];

    /// <summary>Gives numbers that are gone once they were read.</summary>
    private static IAsyncEnumerable<int> RecordsAsync(int count, CancellationToken cancellationToken)
    {
        var records = Channel.CreateUnbounded<int>();
        foreach (int number in Enumerable.Range(1, count))
        {
            records.Writer.TryWrite(number);
        }

        records.Writer.Complete();
        return records.Reader.ReadAllAsync(cancellationToken);
    }

    /// <summary>Serializes other bytes each time, as only a derived class can.</summary>
    private sealed class CountingBytes() : ByteArrayContent([1])
    {
        private byte _count;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(new[] { ++_count }, 0, 1);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            SerializeToStreamAsync(stream, context);
    }

    private sealed class CountingStream() : StreamContent(new MemoryStream([1]))
    {
        private byte _count;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(new[] { ++_count }, 0, 1);
    }

    private sealed class CountingMultipart() : MultipartContent("mixed", "edge")
    {
        private byte _count;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(new[] { ++_count }, 0, 1);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            SerializeToStreamAsync(stream, context);

        protected override bool TryComputeLength(out long length)
        {
            length = 1;
            return true;
        }
    }
}
