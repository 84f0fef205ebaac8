using System.Net;
using System.Runtime.ExceptionServices;

namespace Spid.Client.Http;

/// <summary>A response body whose beginning has been read already and which still reads as a whole.</summary>
internal sealed class PeekedContent : HttpContent
{
    private const int Limit = 64 * 1024;

    private readonly HttpContent _original;
    private PeekedStream? _body;

    private PeekedContent(HttpContent original)
    {
        _original = original;
        foreach ((string name, IEnumerable<string> values) in original.Headers)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    /// <summary>Gets the beginning of the body: all of it, or as much as any error message needs.</summary>
    public ReadOnlyMemory<byte> Start { get; private set; }

    public static async Task<PeekedContent> CreateAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var peeked = new PeekedContent(content);
        byte[] buffer = new byte[Math.Min(Limit, content.Headers.ContentLength ?? Limit)];
        int length = 0;
        Stream rest = Stream.Null;
        ExceptionDispatchInfo? fault = null;
        try
        {
            rest = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (length < buffer.Length && await rest.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                length += read;
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or InvalidDataException)
        {
            // The body broke off. The caller meets that where it would have met it anyway: while reading.
            fault = ExceptionDispatchInfo.Capture(exception);
        }

        peeked.Start = buffer.AsMemory(0, length);
        peeked._body = new PeekedStream(peeked.Start, rest, fault);
        return peeked;
    }

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
            _original.Dispose();
        }

        base.Dispose(disposing);
    }

    private PeekedStream Consume() =>
        Interlocked.Exchange(ref _body, null) ?? throw new InvalidOperationException("The body was read already and cannot be read again.");
}
