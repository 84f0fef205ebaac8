using System.Net;
using System.Net.Sockets;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Wire;

/// <content>C2, layers TCP and HTTP, over real sockets.</content>
[CancelAfter(60_000)]
internal sealed partial class ExchangeTests
{
    private const string Token = """{"access_token":"eQ2nUz5J","expires_in":900}""";

    [Test(Description = "C2 TCP: refused")]
    public async Task SendAsync_ConnectionRefused_IsTransient(CancellationToken cancellationToken)
    {
        // Bound and not listening: nobody else can take the port meanwhile.
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new SocketClient(new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}"));

        SpidException failure = await client.FailToReachAsync(HttpRequestError.ConnectionError, cancellationToken);

        Assert.That(failure.HttpRequestError, Is.EqualTo(HttpRequestError.ConnectionError));
        Assert.That(failure.InnerException, Is.InstanceOf<HttpRequestException>());
    }

    public static IEnumerable<TestCaseData> Breakages() =>
    [
        Script("RST at once", connection => { connection.Reset(); return Task.CompletedTask; }, null),
        Script("RST after the request", async connection => { await connection.ReadRequestAsync(); connection.Reset(); }, null),
        Script("closed at once", _ => Task.CompletedTask, null),
        Script("closed mid-headers", AfterRequest("HTTP/1.1 200 OK\r\nContent-Le"), null),
        Script("closed mid-body", AfterRequest("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"access_token\":"), HttpRequestError.ResponseEnded),
        Script("RST mid-body", async connection => { await AfterRequest("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")(connection); connection.Reset(); }, null),
        Script("Content-Length too long", AfterRequest($"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{Token}"), HttpRequestError.ResponseEnded),
        Script("chunk size that is none", AfterRequest("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"), HttpRequestError.InvalidResponse),
        Script("chunk longer than it says", AfterRequest($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{Token}\r\n0\r\n\r\n"), HttpRequestError.InvalidResponse),
        Script("chunks without end", AfterRequest("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"), HttpRequestError.ResponseEnded),
        Script("huge chunk size", AfterRequest("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n"), HttpRequestError.InvalidResponse),
        Script("no HTTP", AfterRequest("SSH-2.0-OpenSSH_9.6\r\n\r\n"), HttpRequestError.InvalidResponse),
        Script("HTTP/0.9", AfterRequest(Token + "\r\n\r\n"), HttpRequestError.InvalidResponse),
        Script("status that is none", AfterRequest("HTTP/1.1 abc OK\r\n\r\n"), HttpRequestError.InvalidResponse),
        Script("header without colon", AfterRequest("HTTP/1.1 200 OK\r\nthis is no header\r\n\r\n"), HttpRequestError.InvalidResponse),
        Script("10 000 headers", AfterRequest("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Range(0, 10_000).Select(number => $"X-{number}: v\r\n")) + "\r\n"), HttpRequestError.ConfigurationLimitExceeded),
        Script("one header of a mebibyte", AfterRequest("HTTP/1.1 200 OK\r\nX: " + new string('v', 1024 * 1024) + "\r\n\r\n"), HttpRequestError.ConfigurationLimitExceeded),
        Script("1xx without end", AfterRequest(string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 1000))), null),
    ];

    [TestCaseSource(nameof(Breakages))]
    [Test(Description = "C2 TCP and HTTP: each is a passing fault without a status, nothing is cached")]
    public async Task SendAsync_BrokenExchange_IsTransient(Func<RawConnection, Task> script, HttpRequestError? error, CancellationToken cancellationToken)
    {
        await using var server = new RawServer(script);
        using var client = new SocketClient(server.Authority);

        SpidException failure = await client.FailAsync(SpidErrorKind.Transient, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Message, Does.StartWith($"{server.Authority}oauth/token could not be reached: the connection failed ("));
            Assert.That(failure.Message, Does.Contain(error is null ? "connection failed" : $"({error})"));
            Assert.That(failure.SpidStatusCode, Is.Null);
            Assert.That(failure.OAuthError, Is.Null);
            Assert.That(failure.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        }
    }

    public static IEnumerable<TestCaseData> Echoes() =>
    [
        Echo("status line", secret => $"{secret}\r\n\r\n"),
        Echo("status code", secret => $"HTTP/1.1 {secret} OK\r\n\r\n"),
        Echo("reason phrase", secret => $"HTTP/1.1 500 {secret}\r\nContent-Length: 0\r\n\r\n"),
        Echo("version", secret => $"HTTP/{secret} 200 OK\r\n\r\n"),
        Echo("header line", secret => $"HTTP/1.1 200 OK\r\n{secret}\r\n\r\n"),
        Echo("header name", secret => $"HTTP/1.1 200 OK\r\n{secret} x: y\r\n\r\n"),
        Echo("header value", secret => $"HTTP/1.1 200 OK\r\nContent-Length: {secret}\r\n\r\n"),
        Echo("chunk size", secret => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz{secret}\r\n"),
        Echo("chunk extension", secret => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;{secret}\r\nab"),
        Echo("content type", secret => $"HTTP/1.1 200 OK\r\nContent-Type: {secret}/{secret}; charset={secret}\r\nContent-Length: 2\r\n\r\n{{}}"),
        Echo("content encoding", secret => $"HTTP/1.1 200 OK\r\nContent-Encoding: {secret}\r\nContent-Length: 2\r\n\r\n{{}}"),
        Echo("location", secret => $"HTTP/1.1 302 Found\r\nLocation: http://{secret}.example/\r\nContent-Length: 0\r\n\r\n"),
        Echo("body", secret => $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{secret}"),
        Echo("error body", secret => $"HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\n{{\"error\":\"{secret}\",\"error_description\":\"{secret}\"}}"),
    ];

    [TestCaseSource(nameof(Echoes))]
    [Test(Description = "golang/oauth2 RetrieveError, CVE-2026-55375: nothing of the answer surfaces, wherever it stands")]
    public async Task SendAsync_ServerEchoesWhatItReceived_TellsNothingOfIt(Func<string, string> answer, CancellationToken cancellationToken)
    {
        foreach (string echo in new[] { Canary.Secret, Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{MockSpid.ClientId}:{Canary.Secret}")) })
        {
            await using var server = new RawServer(AfterRequest(answer(echo)));
            using var client = new SocketClient(server.Authority);
            SpidException? failure = null;

            try
            {
                await client.Tokens.RequestTokenAsync(cancellationToken);
            }
            catch (SpidException exception)
            {
                failure = exception;
            }

            Assert.That(failure, Is.Not.Null);
            Canary.AssertAbsent(failure!.ToString());
            Assert.That(string.Join(',', server.Requests), Does.Contain("Authorization: Basic"));
        }
    }

    public static IEnumerable<TestCaseData> OddButWhole() =>
    [
        Answer("close instead of a length", $"HTTP/1.1 200 OK\r\n\r\n{Token}"),
        Answer("HTTP/1.0", $"HTTP/1.0 200 OK\r\n\r\n{Token}"),
        Answer("chunks", $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n{Token.Length - 1:x}\r\n{Token[1..]}\r\n0\r\nTrailer: x\r\n\r\n"),
        Answer("1xx before it", string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", 100)) + $"HTTP/1.1 200 OK\r\nContent-Length: {Token.Length}\r\n\r\n{Token}"),
        Answer("status 201", $"HTTP/1.1 201 Created\r\nContent-Length: {Token.Length}\r\n\r\n{Token}"),
        Answer("no reason phrase", $"HTTP/1.1 200\r\nContent-Length: {Token.Length}\r\n\r\n{Token}"),
        Answer("another charset named", $"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-16\r\nContent-Length: {Token.Length}\r\n\r\n{Token}"),
        Answer("more than its length", $"HTTP/1.1 200 OK\r\nContent-Length: {Token.Length}\r\nConnection: close\r\n\r\n{Token}trailing"),
    ];

    [TestCaseSource(nameof(OddButWhole))]
    public async Task SendAsync_OddAnswerThatIsWhole_GivesTheToken(string answer, CancellationToken cancellationToken)
    {
        await using var server = new RawServer(AfterRequest(answer));
        using var client = new SocketClient(server.Authority);

        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("eQ2nUz5J"));
    }

    [TestCase("HTTP/1.1 204 No Content\r\n\r\n", 204, "it is not JSON in UTF-8")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "it is not JSON in UTF-8")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"access_token\":\"eQ2nUz5J\"}", 200, "it is not JSON in UTF-8")]
    public async Task SendAsync_AnswerWithoutAWholeBody_IsAProtocolError(string answer, int status, string fault, CancellationToken cancellationToken)
    {
        await using var server = new RawServer(AfterRequest(answer));
        using var client = new SocketClient(server.Authority);

        SpidException failure = await client.FailAsync(SpidErrorKind.Protocol, cancellationToken);

        Assert.That(failure.SpidStatusCode, Is.EqualTo((HttpStatusCode)status));
        Assert.That(failure.Message, Does.Contain(fault));
    }

    [Test]
    public async Task SendAsync_ProtocolSwitchedUnasked_IsAProtocolError(CancellationToken cancellationToken)
    {
        await using var server = new RawServer(AfterRequest("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"));
        using var client = new SocketClient(server.Authority);

        SpidException failure = await client.FailAsync(SpidErrorKind.Protocol, cancellationToken);

        Assert.That(failure.SpidStatusCode, Is.EqualTo(HttpStatusCode.SwitchingProtocols));
    }

    private static Func<RawConnection, Task> AfterRequest(string answer) => async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.WriteAsync(answer);
    };

    private static TestCaseData Script(string name, Func<RawConnection, Task> script, HttpRequestError? error) =>
        new TestCaseData(script, error).SetArgDisplayNames(name, error?.ToString() ?? "any");

    private static TestCaseData Echo(string name, Func<string, string> answer) => new TestCaseData(answer).SetArgDisplayNames(name);

    private static TestCaseData Answer(string name, string answer) => new TestCaseData(answer).SetArgDisplayNames(name);
}
