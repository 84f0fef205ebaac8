using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>Handlers below that send a message several times, read its body or put another one in its place.</content>
internal sealed partial class BodyRecordingTests
{
    [Test]
    public async Task SendAsync_RepeatedFromBelow_SendsTheSameBytesEachTime(CancellationToken cancellationToken)
    {
        using ApiRig rig = RigAbove((_, send) => TwiceAsync(send));
        rig.Api.AnswerWith(call => new HttpResponseMessage(call.Number switch
        {
            1 or 3 => HttpStatusCode.ServiceUnavailable,
            2 => HttpStatusCode.Unauthorized,
            _ => HttpStatusCode.OK,
        }));
        using var content = new OneShotContent(Bytes);

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(rig.Api.Calls.Select(call => call.Body), Is.EqualTo(new[] { Bytes, Bytes, Bytes, Bytes }));
            Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-1", "token-2", "token-2" }));
            Assert.That(content.Serializations, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task SendAsync_RepeatedFromBelowBeyondTheLimit_SerializesTheOriginalEachTimeAndGivesThe401ToTheCaller(CancellationToken cancellationToken)
    {
        using ApiRig rig = RigAbove((_, send) => TwiceAsync(send), limit: 3);
        rig.Api.AnswerWith(_ => StubApi.Unauthorized());
        using var content = new WholeContent();

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        Assert.That(rig.Api.Calls.Select(call => call.Body), Is.EqualTo(new[] { new byte[] { 1, 1, 1, 1 }, [2, 2, 2, 2] }));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task SendAsync_FirstSendBreaksOffAndTheSecondIsRefused_GivesThe401ToTheCaller(CancellationToken cancellationToken)
    {
        using ApiRig rig = RigAbove(async (_, send) =>
        {
            await Assert.CatchAsync<HttpRequestException>(send);
            return await send();
        });
        rig.Api.AnswerWith(_ => StubApi.Unauthorized());
        using var content = new WholeContent { Between = number => number == 1 ? throw new IOException("reset") : Task.CompletedTask };

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        Assert.That(rig.Api.Calls.Single().Body, Is.EqualTo(new byte[] { 2, 2, 2, 2 }));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task SendAsync_SentTwiceAtOnceFromBelow_NeverMixesTheSerializations(CancellationToken cancellationToken)
    {
        var bothStarted = new Meeting();
        var bothWritten = new Meeting();
        using ApiRig rig = RigAbove(async (_, send) => (await Task.WhenAll(send(), send()))[0]);
        rig.Api.AnswerWith(_ => StubApi.Unauthorized());
        using var content = new WholeContent { Between = _ => bothStarted.ArriveAsync(), AtEnd = _ => bothWritten.ArriveAsync() };

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        Assert.That(rig.Api.Calls.Select(call => call.Body), Is.EquivalentTo(new[] { new byte[] { 1, 1, 1, 1 }, [2, 2, 2, 2] }));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("string")]
    [TestCase("buffer")]
    [TestCase("stream")]
    [TestCase("synchronous stream")]
    public async Task SendAsync_ReadFromBelow_IsRepeatedAsItWasSent(string how, CancellationToken cancellationToken)
    {
        using ApiRig rig = RigAbove(async (request, send) =>
        {
            await ReadAsync(request.Content!, how);
            return await send();
        });
        rig.Api.Refuse("token-1");

        using HttpResponseMessage response = await rig.Client.PostAsJsonAsync("messages", Drain(new Queue<int>([1, 2, 3])), cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(BodiesOf(rig), Is.EqualTo(new[] { "[1,2,3]", "[1,2,3]" }));
    }

    [Test]
    public async Task SendAsync_SeekableStreamBufferedFromBelow_IsReadFromTheBuffer(CancellationToken cancellationToken)
    {
        var seen = new List<byte[]>();
        using ApiRig rig = RigAbove(async (request, send) =>
        {
            await request.Content!.LoadIntoBufferAsync(cancellationToken);
            using var copy = new MemoryStream();
            await (await request.Content.ReadAsStreamAsync(cancellationToken)).CopyToAsync(copy, cancellationToken);
            seen.Add(copy.ToArray());
            return await send();
        });

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", new StreamContent(new MemoryStream(Bytes)), cancellationToken);

        Assert.That(seen, Is.EqualTo(new[] { Bytes }));
        Assert.That(rig.Api.Calls.Single().Body, Is.EqualTo(Bytes));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task SendAsync_CompressedFromBelow_IsCompressedOnceEachTime(bool once, CancellationToken cancellationToken)
    {
        using ApiRig rig = RigAbove(async (request, send) =>
        {
            request.Content = new ByteArrayContent(await CompressAsync(request.Content!));
            return await send();
        });
        rig.Api.Refuse("token-1");
        using HttpContent content = once ? new OneShotContent(Bytes) : new ByteArrayContent(Bytes);

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(rig.Api.Calls.Select(call => Decompress(call.Body)), Is.EqualTo(new[] { Bytes, Bytes }));
    }

    [Test]
    public async Task SendAsync_ReplacedAndDisposedFromBelow_GivesThe401ToTheCaller(CancellationToken cancellationToken)
    {
        using ApiRig rig = RigAbove((request, send) =>
        {
            request.Content!.Dispose();
            request.Content = new StringContent("other");
            return send();
        });
        rig.Api.Refuse("token-1");

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", new ByteArrayContent(Bytes), cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(rig.Api.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task SendAsync_ReadAsAStreamAndReplacedFromBelow_GivesThe401ToTheCaller(CancellationToken cancellationToken)
    {
        using ApiRig rig = RigAbove(async (request, send) =>
        {
            request.Content = new StreamContent(await request.Content!.ReadAsStreamAsync(cancellationToken));
            return await send();
        });
        rig.Api.Refuse("token-1");

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", new StreamContent(new OneShotStream(Bytes)), cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(rig.Api.Calls.Single().Body, Is.EqualTo(Bytes));
    }

    [Test]
    public async Task SendAsync_RefusedBeforeTheBodyWasSent_SendsItOnceInTheRepetition(CancellationToken cancellationToken)
    {
        HttpContent? first = null;
        using ApiRig rig = RigAbove(
            (request, send) =>
            {
                bool refuses = first is null;
                first ??= request.Content;
                return refuses ? Task.FromResult(StubApi.Unauthorized()) : send();
            },
            limit: 3);
        using var content = new OneShotContent(Bytes);

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(rig.Api.Calls.Single().Body, Is.EqualTo(Bytes), "a body that was not sent needs no copy");
            Assert.That(() => first!.CopyToAsync(Stream.Null, cancellationToken), Throws.InvalidOperationException);
            Assert.That(content.Serializations, Is.EqualTo(1));
        }
    }

    [TestCase(false, Description = "A2")]
    [TestCase(true, Description = "A2")]
    public async Task SendAsync_RefusedWhileTheBodyIsBeingSent_IsRepeatedOnlyWhenAllOfItIsKnownBeforeThat(bool endsDuringTheRenewal, CancellationToken cancellationToken)
    {
        var rest = new TaskCompletionSource();
        Task? sending = null;
        using ApiRig rig = RigAbove((request, send) =>
        {
            bool refuses = sending is null;
            sending ??= request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            return refuses ? Task.FromResult(StubApi.Unauthorized()) : send();
        });
        rig.Spid.Answer = async (number, _, _) =>
        {
            if (number == 2 && endsDuringTheRenewal)
            {
                rest.SetResult();
                await sending!;
            }

            return StubSpid.Token($"token-{number}");
        };
        using var content = new OneShotContent([1], [2]) { Before = piece => piece == 1 ? rest.Task : Task.CompletedTask };

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(endsDuringTheRenewal ? HttpStatusCode.OK : HttpStatusCode.Unauthorized));
        Assert.That(rig.Api.Calls.Select(call => call.Body), Is.EqualTo(endsDuringTheRenewal ? [[1, 2]] : Array.Empty<byte[]>()));
    }

    [Test]
    public async Task SendAsync_CallIsOver_LeavesABodyUnderWayToTheOriginal(CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource();
        Task? sending = null;
        using var target = new MemoryStream();
        using ApiRig rig = RigAbove((request, _) =>
        {
            sending = request.Content!.CopyToAsync(target, cancellationToken);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        });
        using var content = new OneShotContent([1], [2]) { Before = piece => piece == 1 ? over.Task : Task.CompletedTask };

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);
        over.SetResult();
        await sending!;

        Assert.That(target.ToArray(), Is.EqualTo(new byte[] { 1, 2 }));
    }

    private static ApiRig RigAbove(Func<HttpRequestMessage, Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> act, long limit = 64 * 1024) => new(
        options => options.ReplayBufferLimit = limit,
        below: http => http.AddHttpMessageHandler(() => new ActingHandler(act)));

    private static async Task<HttpResponseMessage> TwiceAsync(Func<Task<HttpResponseMessage>> send)
    {
        (await send()).Dispose();
        return await send();
    }

    private static async Task ReadAsync(HttpContent content, string how)
    {
        switch (how)
        {
            case "string":
                Assert.That(await content.ReadAsStringAsync(), Is.EqualTo("[1,2,3]"));
                break;
            case "buffer":
                await content.LoadIntoBufferAsync();
                break;
            case "stream":
                await ReadToEndAsync(await content.ReadAsStreamAsync());
                break;
            default:
                await ReadToEndAsync(await Task.Run(content.ReadAsStream));
                break;
        }
    }

    private static async Task ReadToEndAsync(Stream stream)
    {
        await stream.CopyToAsync(Stream.Null);
        stream.Position = 0;
    }

    private static async Task<byte[]> CompressAsync(HttpContent content)
    {
        using var target = new MemoryStream();
        await using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            await content.CopyToAsync(gzip);
        }

        return target.ToArray();
    }

    private static byte[] Decompress(byte[] body)
    {
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var target = new MemoryStream();
        gzip.CopyTo(target);
        return target.ToArray();
    }

    private static IEnumerable<int> Drain(Queue<int> records)
    {
        while (records.TryDequeue(out int record))
        {
            yield return record;
        }
    }

    /// <summary>Can be serialized as often as one likes, and writes in two pieces the how many-th time it is.</summary>
    private sealed class WholeContent : HttpContent
    {
        private int _count;

        public Func<int, Task> Between { get; set; } = _ => Task.CompletedTask;

        public Func<int, Task> AtEnd { get; set; } = _ => Task.CompletedTask;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            int number = Interlocked.Increment(ref _count);
            await stream.WriteAsync(new[] { (byte)number, (byte)number });
            await Between(number);
            await stream.WriteAsync(new[] { (byte)number, (byte)number });
            await AtEnd(number);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>Lets two go on once both are there.</summary>
    private sealed class Meeting
    {
        private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _arrived;

        public Task ArriveAsync()
        {
            if (Interlocked.Increment(ref _arrived) == 2)
            {
                _both.SetResult();
            }

            return _both.Task;
        }
    }
}
