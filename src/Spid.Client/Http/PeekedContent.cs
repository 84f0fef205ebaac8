using System.Net;
using System.Runtime.ExceptionServices;

namespace Spid.Client.Http;

/// <summary>A response body whose beginning has been read already and which still reads as a whole.</summary>
internal sealed class PeekedContent : HttpContent
{
    private const int Limit = 64 * 1024;

    private readonly HttpContent _original;
    private byte[] _start = [];
    private Stream _rest = Stream.Null;
    private ExceptionDispatchInfo? _fault;

    private PeekedContent(HttpContent original)
    {
        _original = original;
        foreach ((string name, IEnumerable<string> values) in original.Headers)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    /// <summary>Gets the beginning of the body: all of it, or as much as any error message needs.</summary>
    public ReadOnlyMemory<byte> Start => _start;

    public static async Task<PeekedContent> CreateAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var peeked = new PeekedContent(content);
        byte[] buffer = new byte[Math.Min(Limit, content.Headers.ContentLength ?? Limit)];
        int length = 0;
        try
        {
            peeked._rest = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (length < buffer.Length && await peeked._rest.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                length += read;
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or InvalidDataException)
        {
            // The body broke off. The caller meets that where it would have met it anyway: while reading.
            peeked._fault = ExceptionDispatchInfo.Capture(exception);
        }

        peeked._start = buffer[..length];
        return peeked;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_start).ConfigureAwait(false);
        _fault?.Throw();
        await _rest.CopyToAsync(stream).ConfigureAwait(false);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        stream.Write(_start);
        _fault?.Throw();
        _rest.CopyTo(stream);
    }

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
}
