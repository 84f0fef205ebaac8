using System.Net;

namespace Spid.Client.Http;

/// <summary>Stands for a content of the platform.</summary>
/// <remarks>
/// The transport gives no answer before such a content is sent, which it knows by an internal property of the type: hence the base class,
/// of which nothing else is used. Otherwise a caller could dispose the stream of an upload, or use it again, while it is still being read.
/// </remarks>
internal sealed class RecordedPlatformContent : ByteArrayContent, IRecordedContent
{
    public RecordedPlatformContent(BodyRecorder recorder)
        : base([])
    {
        Recorder = recorder;
        recorder.CopyHeadersTo(Headers);
    }

    public BodyRecorder Recorder { get; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Recorder.CopyToAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Recorder.CopyToAsync(stream, context, cancellationToken);

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Recorder.CopyTo(stream, context, cancellationToken);

    protected override Task<Stream> CreateContentReadStreamAsync() => Recorder.ReadAsStreamAsync(CancellationToken.None);

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => Recorder.ReadAsStreamAsync(cancellationToken);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => Recorder.ReadAsStream(cancellationToken);

    /// <summary>A known length is among the headers.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Recorder.Original.Dispose();
        }

        base.Dispose(disposing);
    }
}
