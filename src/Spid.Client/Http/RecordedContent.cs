using System.Net;

namespace Spid.Client.Http;

/// <summary>Stands for a content of the application; the transport may give the answer before it is sent, as gRPC needs it.</summary>
internal sealed class RecordedContent : HttpContent, IRecordedContent
{
    public RecordedContent(BodyRecorder recorder)
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
