using System.IO.Compression;
using System.Net;
using System.Text;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Wire;

[CancelAfter(60_000)]
internal sealed class BoundedBodyTests
{
    private const string Start = """{"access_token":"eQ2nUz5J","expires_in":900}""";

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(4095)]
    [TestCase(4096)]
    [TestCase(4097)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    public async Task ReadAsync_UpToTheLimit_GivesEveryByte(int length, CancellationToken cancellationToken)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(number => (byte)(number * 7))];
        using var content = new ByteArrayContent(bytes);

        using BoundedBody? body = await BoundedBody.ReadAsync(content, BoundedBody.Limit, cancellationToken);

        Assert.That(body!.Bytes.ToArray(), Is.EqualTo(bytes));
    }

    [TestCase(65_537)]
    [TestCase(1_000_000)]
    public async Task ReadAsync_LongerThanTheLimit_GivesNothing(int length, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(new byte[length]);

        using BoundedBody? body = await BoundedBody.ReadAsync(content, BoundedBody.Limit, cancellationToken);

        Assert.That(body, Is.Null);
    }

    [Test]
    public async Task Dispose_Twice_LeavesNoBytes(CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(new byte[10]);
        BoundedBody body = (await BoundedBody.ReadAsync(content, BoundedBody.Limit, cancellationToken))!;

        body.Dispose();
        body.Dispose();

        Assert.That(body.Bytes.Length, Is.Zero);
    }

    [TestCase(200, SpidErrorKind.Protocol, "the body cannot be used: it is longer than 65536 bytes.")]
    [TestCase(400, SpidErrorKind.Configuration, "answered 400.")]
    [TestCase(500, SpidErrorKind.Transient, "answered 500.")]
    [Test(Description = "C2 HTTP: 100 MiB body of known length; A4 row 42: size limit")]
    public async Task RequestTokenAsync_HundredMebibytes_AreNotReadToTheEnd(int status, SpidErrorKind kind, string fault, CancellationToken cancellationToken)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync($"HTTP/1.1 {status} X\r\nContent-Length: {100 * 1024 * 1024}\r\n\r\n{Start}");
            await FloodAsync(connection, Encoding.ASCII.GetBytes(new string(' ', 8192)));
        });
        using var client = new SocketClient(server.Authority);

        SpidException failure = await client.FailAsync(kind, cancellationToken);

        Assert.That(failure.Message, Does.Contain(fault));
        Assert.That(failure.SpidStatusCode, Is.EqualTo((HttpStatusCode)status));
    }

    [Test(Description = "C2 HTTP: chunks without end")]
    public async Task RequestTokenAsync_ChunksWithoutEnd_StopAtTheLimit(CancellationToken cancellationToken)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Start.Length:x}\r\n{Start}\r\n");
            await FloodAsync(connection, Encoding.ASCII.GetBytes($"400\r\n{new string(' ', 1024)}\r\n"));
        });
        using var client = new SocketClient(server.Authority);

        SpidException failure = await client.FailAsync(SpidErrorKind.Protocol, cancellationToken);

        Assert.That(failure.Message, Does.Contain("it is longer than 65536 bytes"));
    }

    [TestCase(DecompressionMethods.GZip, "it is longer than 65536 bytes")]
    [TestCase(DecompressionMethods.None, "it is not JSON in UTF-8")]
    [Test(Description = "C2 HTTP: gzip bomb, with a handler that decompresses and with the built-in one")]
    public async Task RequestTokenAsync_GzipBomb_StopsAtTheLimit(DecompressionMethods decompression, string fault, CancellationToken cancellationToken)
    {
        byte[] bomb = Compress(new string(' ', 20 * 1024 * 1024) + Start);
        await using RawServer server = Compressed(bomb);
        using var client = new SocketClient(server.Authority, handler: new SocketsHttpHandler { AutomaticDecompression = decompression });

        SpidException failure = await client.FailAsync(SpidErrorKind.Protocol, cancellationToken);

        Assert.That(bomb, Has.Length.LessThan(64 * 1024));
        Assert.That(failure.Message, Does.Contain(fault));
    }

    [Test(Description = "C2 HTTP: compressed bytes that are broken")]
    public async Task RequestTokenAsync_BrokenCompression_IsTransient(CancellationToken cancellationToken)
    {
        byte[] broken = Compress(Start);
        broken.AsSpan(10).Fill(0xFF);
        await using RawServer server = Compressed(broken);
        using var client = new SocketClient(server.Authority, handler: new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip });

        SpidException failure = await client.FailAsync(SpidErrorKind.Transient, cancellationToken);

        Assert.That(failure.Message, Does.Contain("the connection failed"));
    }

    [Test]
    public async Task RequestTokenAsync_CompressedAnswer_IsReadByAHandlerThatDecompresses(CancellationToken cancellationToken)
    {
        await using RawServer server = Compressed(Compress(Start));
        using var client = new SocketClient(server.Authority, handler: new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip });

        ServerToken token = await client.Tokens.GetTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("eQ2nUz5J"));
    }

    private static RawServer Compressed(byte[] body) => new(async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n");
        await connection.WriteAsync(body);
    });

    private static async Task FloodAsync(RawConnection connection, byte[] block)
    {
        while (true)
        {
            await connection.WriteAsync(block);
        }
    }

    private static byte[] Compress(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.ASCII.GetBytes(text));
        }

        return compressed.ToArray();
    }
}
