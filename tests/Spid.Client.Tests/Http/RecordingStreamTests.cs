using System.Net;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <summary>What a content does to the stream is done to the connection, in each of the ways in which one can write.</summary>
[CancelAfter(60_000)]
internal sealed class RecordingStreamTests
{
    private static readonly byte[] Bytes = [9, 1, 2, 3, 9];

    [TestCaseSource(nameof(Ways))]
    public async Task Write_InAnyWay_ReachesTheConnectionAndTheRepetition(Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.Refuse("token-1");

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", new WritingContent(write), cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(rig.Api.Calls.Select(call => call.Body), Is.EqualTo(new byte[][] { [1, 2, 3], [1, 2, 3] }));
    }

    [Test]
    public async Task Write_BufferIsUsedAgain_RepeatsWhatWasWritten(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.Refuse("token-1");
        byte[] buffer = [1];

        using HttpResponseMessage response = await rig.Client.PostAsync(
            "messages",
            new WritingContent(async stream =>
            {
                await stream.WriteAsync(buffer);
                buffer[0] = 2;
                await stream.WriteAsync(buffer);
                buffer[0] = 3;
            }),
            cancellationToken);

        Assert.That(rig.Api.Calls.Select(call => call.Body), Is.EqualTo(new byte[][] { [1, 2], [1, 2] }));
    }

    [Test]
    public async Task Flush_AndDispose_ReachTheConnection()
    {
        await using var connection = new ObservedStream();
        var stream = new RecordingStream(connection, new BodyRecorder(new ByteArrayContent([]), limit: 10));

        stream.Flush();
        await stream.FlushAsync();
        await stream.DisposeAsync();

        Assert.That((connection.Flushes, connection.CanWrite, stream.CanWrite), Is.EqualTo((2, false, false)));
    }

    [Test]
    public void Read_AndSeek_AreNotSupported()
    {
        using var stream = new RecordingStream(new MemoryStream(), new BodyRecorder(new ByteArrayContent([]), limit: 10));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((stream.CanRead, stream.CanSeek), Is.EqualTo((false, false)));
            Assert.That(() => stream.Length, Throws.TypeOf<NotSupportedException>());
            Assert.That(() => stream.Position, Throws.TypeOf<NotSupportedException>());
            Assert.That(() => stream.Position = 1, Throws.TypeOf<NotSupportedException>());
            Assert.That(() => stream.Seek(0, SeekOrigin.Begin), Throws.TypeOf<NotSupportedException>());
            Assert.That(() => stream.SetLength(1), Throws.TypeOf<NotSupportedException>());
            Assert.That(() => stream.ReadByte(), Throws.TypeOf<NotSupportedException>());
        }
    }

    private static IEnumerable<TestCaseData> Ways()
    {
        yield return Case("array", stream => Synchronous(() => stream.Write(Bytes, 1, 3)));
        yield return Case("span", stream => Synchronous(() => stream.Write(Bytes.AsSpan(1, 3))));
        yield return Case("byte by byte", stream => Synchronous(() => Array.ForEach(Bytes[1..4], stream.WriteByte)));
        yield return Case("array, asynchronous", stream => stream.WriteAsync(Bytes, 1, 3, CancellationToken.None));
        yield return Case("memory", stream => stream.WriteAsync(Bytes.AsMemory(1, 3)).AsTask());
        yield return Case("begin and end", stream => Task.Factory.FromAsync(stream.BeginWrite, stream.EndWrite, Bytes, 1, 3, null));
        yield return Case("and dispose", async stream =>
        {
            await stream.WriteAsync(Bytes.AsMemory(1, 3));
            await stream.DisposeAsync();
        });

        static TestCaseData Case(string name, Func<Stream, Task> write) => new TestCaseData(write).SetArgDisplayNames(name);

        static Task Synchronous(Action write)
        {
            write();
            return Task.CompletedTask;
        }
    }

    private sealed class WritingContent(Func<Stream, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class ObservedStream : MemoryStream
    {
        public int Flushes { get; private set; }

        public override void Flush() => Flushes++;

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            Flushes++;
            return Task.CompletedTask;
        }
    }
}
