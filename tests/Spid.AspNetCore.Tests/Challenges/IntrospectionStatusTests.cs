using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json.Nodes;
using Spid.AspNetCore.Tests.Shared;
using Spid.ResourceServer;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.AspNetCore.Tests.Challenges;

/// <summary>Edge cases 21 to 59: the status that a caller gets for each answer of the introspection endpoint.</summary>
internal sealed class IntrospectionStatusTests
{
    /// <summary>Whole answers.</summary>
    public static IEnumerable<TestCaseData> Answers() =>
    [
        Case(22, 401, _ => Json("""{"active":false}""")),
        Case(23, 503, _ => Json("""{"scope":"read:messages write:messages"}""")),
        Case(24, 503, rig => Active(rig, """ "true" """)),
        Case(25, 503, rig => Active(rig, """ "false" """)),
        Case(26, 503, rig => Active(rig, "1")),
        Case(27, 503, rig => Active(rig, "null")),
        Case(28, 503, _ => Json("{}")),
        Case(29, 503, _ => Json("[]")),
        Case(30, 503, _ => Json("null")),
        Case(31, 503, _ => Json("")),
        Case(32, 503, _ => StubSpid.Text("<html></html>", "text/html")),
        Case(33, 503, _ => StubSpid.Status(HttpStatusCode.NoContent)),
        Case(34, 503, _ => Redirect()),
        Case(35, 503, rig => Json(Good(rig) + new string(' ', 70_000))),
        Case(36, 503, rig => Json(Good(rig)[..^9])),
        Case(37, 503, rig => Compressed(Good(rig))),
        Case(38, 200, rig => StubSpid.Bytes([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good(rig))], "application/json")),
        Case(39, 503, rig => Json(Good(rig)[..^1] + ",\"active\":false}")),
        .. new[] { 400, 401, 403, 420, 429, 500, 503 }.Select(status => Case(54, 503, _ => StubSpid.Status((HttpStatusCode)status), $"{status}")),
        Case(55, 503, _ => throw new TaskCanceledException("timeout", new TimeoutException())),
        Case(56, 503, _ => throw new HttpRequestException("reset", new IOException("reset", new SocketException(104)))),
        Case(57, 503, _ => throw new HttpRequestException("TLS", new AuthenticationException("certificate"))),
    ];

    /// <summary>Members put into an answer that is otherwise good, as JSON; an empty value takes the member out.</summary>
    public static IEnumerable<TestCaseData> Members() =>
    [
        Member(21, 200, "active", "true"),
        Member(40, 401, "exp", "1767225500"),
        Member(41, 401, "exp", "1767225500.5"),
        Member(42, 200, "exp", "1767226000.5"),
        Member(43, 503, "exp", "\"1767226000\""),
        Member(44, 503, "exp", "1e18"),
        Member(44, 401, "exp", "-1"),
        Member(44, 401, "exp", "0"),
        Member(44, 503, "exp", "1e400"),
        Member(45, 401, "nbf", "1767226000"),
        Member(46, 200, "iat", "1767226000"),
        Member(47, 200, "now", "1767225600"),
        Member(47, 401, "now", "1767229200"),
        Member(48, 200, "iss", ""),
        Member(48, 403, "aud", ""),
        Member(49, 200, "aud", "\"https://messages.example.com\""),
        Member(49, 200, "aud", """["https://other.example.com","https://messages.example.com"]"""),
        Member(49, 403, "aud", "[]"),
        Member(49, 403, "aud", "null"),
        Member(49, 503, "aud", "7"),
        Member(49, 503, "aud", """["https://messages.example.com",7]"""),
        Member(50, 200, "iss", "null"),
        Member(50, 503, "iss", "7"),
        Member(50, 200, "iss", "\"https://identity-pre.schibsted.com\""),
        Member(50, 200, "iss", "\"https://identity-pre.schibsted.com/\""),
        Member(50, 403, "iss", "\"https://identity-pre.schibsted.com//\""),
        Member(50, 403, "iss", "\"https://IDENTITY-PRE.schibsted.com\""),
        Member(50, 403, "iss", "\"https://identity-pre.schibsted.com.evil.test\""),
        Member(51, 403, "scope", "null"),
        Member(51, 403, "scope", "\"\""),
        Member(51, 200, "scope", "\"write:messages  read:messages\""),
        Member(51, 403, "scope", "\"write:messages\\tread:messages\""),
        Member(51, 200, "scope", """["write:messages","read:messages"]"""),
        Member(51, 200, "scope", "\"read:messages write:messages admin\""),
        Member(51, 403, "scope", "\"Read:Messages Write:Messages\""),
        Member(51, 503, "scope", "7"),
        Member(52, 401, "token_type", "\"refresh_token\""),
        Member(53, 401, "cnf", """{"jkt":"abc"}"""),
        Member(53, 401, "cnf", """{"x5t#S256":"abc"}"""),
        Member(58, 200, "client_id", ""),
        Member(59, 200, "sub", ""),
    ];

    [TestCaseSource(nameof(Answers))]
    public async Task Request_Answer_GivesThatStatus(int expected, Func<PipelineRig, HttpResponseMessage> answer)
    {
        await using PipelineRig rig = await StartAsync();
        rig.Spid.Introspect = (_, _) => Task.FromResult(answer(rig));

        await AssertAsync(rig, expected);
    }

    [TestCaseSource(nameof(Members))]
    public async Task Request_Member_GivesThatStatus(int expected, string name, string json)
    {
        await using PipelineRig rig = await StartAsync();
        JsonObject answer = JsonNode.Parse(Good(rig))!.AsObject();
        (answer["azp"], answer["sub"]) = ("somebody", Forge.ClientId);
        answer.Remove(name);
        string body = answer.ToJsonString();
        rig.Spid.AnswerIntrospection(json.Length == 0 ? body : $"{body[..^1]},\"{name}\":{json}}}");

        await AssertAsync(rig, expected);
    }

    [TestCase(400)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(413)]
    [Description("B1: the wait is said to the caller of that token, and others notice nothing")]
    public async Task Request_EndpointRefusesOneToken_OthersAreLetIn(int status)
    {
        await using PipelineRig rig = await StartAsync();
        string good = Good(rig);
        string bad = rig.Sign();
        rig.Spid.Introspect = (body, _) => Task.FromResult(body.Contains(bad, StringComparison.Ordinal) ? StubSpid.Status((HttpStatusCode)status) : Json(good));

        Answer[] refused = [await rig.GetAsync(bad), await rig.GetAsync(bad)];
        Answer accepted = await rig.GetAsync(rig.Sign());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Select(answer => (answer.Status, answer.RetryAfter)), Is.All.EqualTo((503, "10")));
            Assert.That(accepted.Status, Is.EqualTo(200));
            Assert.That(rig.Spid.Requests.Count(request => request.Body.Contains(bad, StringComparison.Ordinal)), Is.EqualTo(1));
        }
    }

    [Test]
    public void Cases_Numbers_AreComplete()
    {
        int[] numbers = [.. Answers().Concat(Members()).Select(data => int.Parse(((string)data.Properties.Get("Description")!).Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture)).Distinct().Order()];

        Assert.That(numbers, Is.EqualTo(Enumerable.Range(21, 39)));
    }

    /// <summary>What was not understood must neither let anybody in nor send them for a new token.</summary>
    private static async Task AssertAsync(PipelineRig rig, int expected)
    {
        string token = rig.Sign();
        Answer answer = await rig.GetAsync(token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(expected), answer.ToString());
            Assert.That(answer.RetryAfter, expected == 503 ? Is.Not.Empty : Is.Empty);
            Assert.That(answer.Challenge, expected is 200 or 503 ? Is.Empty : Does.StartWith("Bearer realm=\"SPiD\", error=\""));
            Assert.That(rig.Spid.Requests.Count(request => request.Body.Contains(token, StringComparison.Ordinal)), Is.EqualTo(1));
        }
    }

    private static Task<PipelineRig> StartAsync() => PipelineRig.StartAsync(options => options.Mode = SpidVerificationMode.Remote);

    private static string Good(PipelineRig rig)
    {
        JsonObject answer = Forge.Claims(rig.Now);
        answer["active"] = true;
        return answer.ToJsonString();
    }

    private static HttpResponseMessage Active(PipelineRig rig, string value) => Json(Good(rig).Replace("\"active\":true", $"\"active\":{value}", StringComparison.Ordinal));

    private static HttpResponseMessage Json(string body) => StubSpid.Json(body);

    private static HttpResponseMessage Redirect()
    {
        HttpResponseMessage response = StubSpid.Status(HttpStatusCode.Found);
        response.Headers.Location = new Uri("https://evil.example.com/");
        return response;
    }

    private static HttpResponseMessage Compressed(string body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(body));
        }

        HttpResponseMessage response = StubSpid.Bytes(compressed.ToArray(), "application/json");
        response.Content.Headers.ContentEncoding.Add("gzip");
        return response;
    }

    private static TestCaseData Case(int number, int status, Func<PipelineRig, HttpResponseMessage> answer, string? detail = null) =>
        new TestCaseData(status, answer).SetArgDisplayNames($"case {number}{(detail is null ? "" : " " + detail)}", $"{status}").SetDescription($"Edge case {number}");

    private static TestCaseData Member(int number, int status, string name, string json) =>
        new TestCaseData(status, name, json).SetArgDisplayNames(name, json, $"{status}").SetDescription($"Edge case {number}");
}
