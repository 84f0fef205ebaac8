using System.Net;
using System.Net.Http.Json;
using System.Text;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>What the repeated request is made of.</content>
internal sealed partial class SpidTokenHandlerTests
{
    [TestCaseSource(nameof(RepeatableBodies))]
    public async Task SendAsync_RepeatableBody_ArrivesTwiceByteForByte(Func<HttpContent> create, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.Refuse("token-1");
        using HttpContent content = create();

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        ApiCall[] calls = [.. rig.Api.Calls];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(calls, Has.Length.EqualTo(2));
            Assert.That(calls[0].Body, Is.Not.Empty);
            Assert.That(calls[1].Body, Is.EqualTo(calls[0].Body));
            Assert.That(calls[1].ContentHeaders, Is.EqualTo(calls[0].ContentHeaders));
        }
    }

    [Test]
    public async Task SendAsync_TokenRefused_RepeatsTheSameMessageInEveryDetail(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.Refuse("token-1");
        using var request = new HttpRequestMessage(HttpMethod.Patch, "messages/1?q=1") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Add("X-Request-Id", "42");
        request.Headers.IfMatch.Add(new("\"etag\""));
        request.Options.Set(new HttpRequestOptionsKey<string>("tenant"), "no");
        request.Content = new StringContent("body", Encoding.Latin1, "text/markdown");

        using HttpResponseMessage response = await rig.Client.SendAsync(request, cancellationToken);

        (ApiCall first, ApiCall second) = (rig.Api.Calls.First(), rig.Api.Calls.Last());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.Version, Is.EqualTo(HttpVersion.Version20));
            Assert.That(second.VersionPolicy, Is.EqualTo(HttpVersionPolicy.RequestVersionExact));
            Assert.That(second.Options["tenant"], Is.EqualTo("no"));
            Assert.That(second.Options.Keys, Is.EquivalentTo(first.Options.Keys));
            Assert.That(second.Headers.Where(header => header.Key != "Authorization"), Is.EqualTo(first.Headers.Where(header => header.Key != "Authorization")));
            Assert.That(second.Headers, Contains.Key("X-Request-Id").And.ContainKey("If-Match"));
            Assert.That(second.ContentHeaders["Content-Type"], Is.EqualTo("text/markdown; charset=iso-8859-1"));
            Assert.That((second.Method, second.Uri), Is.EqualTo((HttpMethod.Patch, first.Uri)));
        }
    }

    [Test]
    public async Task SendAsync_OneShotBody_GivesThe401ToTheCallerAndRenewsForTheNextRequest(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.ReplayBufferLimit = 0);
        rig.Api.Refuse("token-1");

        using HttpResponseMessage first = await rig.Client.PostAsync("messages", OneShot("once"), cancellationToken);
        using HttpResponseMessage second = await rig.Client.PostAsync("messages", OneShot("again"), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2" }));
            Assert.That(rig.Spid.Count, Is.EqualTo(2));
            Assert.That(rig.Logs.GetSnapshot().Select(record => record.Id.Name), Has.Member("ReplayImpossible"));
        }
    }

    [Test]
    public async Task SendAsync_MultipartWithAOneShotPart_GivesThe401ToTheCaller(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.ReplayBufferLimit = 0);
        rig.Api.Refuse("token-1");
        using var content = new MultipartFormDataContent { { new StringContent("a"), "a" }, { OneShot("b"), "b" } };

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(rig.Api.Count, Is.EqualTo(1));
    }

    [TestCase(4, true)]
    [TestCase(3, false)]
    public async Task SendAsync_OneShotBodyWithAndBeyondTheBufferLimit_IsRepeatedOnlyWithin(long limit, bool repeated, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.ReplayBufferLimit = limit);
        rig.Api.Refuse("token-1");
        using StreamContent content = OneShot("once");
        content.Headers.ContentLength = 4;
        content.Headers.ContentType = new("text/x-test");

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.IsSuccessStatusCode, Is.EqualTo(repeated));
            Assert.That(rig.Api.Calls.Select(call => Encoding.UTF8.GetString(call.Body)), Is.EqualTo(repeated ? ["once", "once"] : new[] { "once" }));
            Assert.That(rig.Api.Calls.Select(call => call.ContentHeaders["Content-Type"]), Has.All.EqualTo("text/x-test"));
        }
    }

    [Test]
    public async Task SendAsync_BodyLongerThanItsStatedLength_IsKeptUpToTheLimitOnly(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.ReplayBufferLimit = 10);
        rig.Api.Refuse("token-1");
        using StreamContent content = OneShot(new string('x', 1000));
        content.Headers.ContentLength = 4;

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(rig.Api.Calls.Single().Body, Has.Length.EqualTo(1000));
    }

    internal static IEnumerable<TestCaseData> BodiesSentAgain()
    {
        yield return Case("string", () => new StringContent("tekst med æøå", Encoding.UTF8));
        yield return Case("bytes", () => new ByteArrayContent([0, 1, 255]));
        yield return Case("memory", () => new ReadOnlyMemoryContent(new byte[] { 1, 2, 3 }));
        yield return Case("form", () => new FormUrlEncodedContent([new("a", "b c")]));
        yield return Case("seekable stream", () => new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes("seekable"))));
        yield return Case("stream not at its start", () => new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes("--seekable")) { Position = 2 }));
        yield return Case("multipart", () => new MultipartContent("mixed", "edge") { new StringContent("a"), new StreamContent(new MemoryStream([7, 8])) });
        yield return Case("form data", () => new MultipartFormDataContent("edge") { { new StringContent("a"), "name" }, { new ByteArrayContent([1]), "file", "file.bin" } });

    }

    private static IEnumerable<TestCaseData> RepeatableBodies() =>
        BodiesSentAgain().Append(Case("json", () => JsonContent.Create(new Dictionary<string, int> { ["a"] = 1 })));

    private static TestCaseData Case(string name, Func<HttpContent> create) => new TestCaseData(create).SetArgDisplayNames(name);
}
