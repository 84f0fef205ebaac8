using System.Net;

namespace Spid.Client.Http;

/// <summary>A response body whose beginning has been read already, or is being read, and which still reads as a whole.</summary>
internal sealed class PeekedContent : HttpContent
{
    private readonly PeekedStream _body;
    private bool _consumed;

    public PeekedContent(HttpContent original)
    {
        _body = new PeekedStream(original);
        foreach ((string name, IEnumerable<string> values) in original.Headers)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    /// <summary>Gets the beginning of the body: all of it, or as much as any error message needs; empty when it does not come in time.</summary>
    public Task<ReadOnlyMemory<byte>> PeekAsync(TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        _body.PeekAsync(timeout, timeProvider, cancellationToken);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Consume().CopyToAsync(stream, cancellationToken);

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) => Consume().CopyTo(stream);

    // Without these the platform would collect the whole body in memory before it gives a stream of it.
    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(Consume());

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => Consume();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body.Dispose();
        }

        base.Dispose(disposing);
    }

    private PeekedStream Consume() => !Interlocked.Exchange(ref _consumed, true)
        ? _body
        : throw new InvalidOperationException("The body was read already and cannot be read again.");
}
