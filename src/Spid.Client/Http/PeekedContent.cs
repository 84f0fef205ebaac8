using System.Net;

namespace Spid.Client.Http;

/// <summary>A response body whose beginning has been read already and which still reads as a whole.</summary>
internal sealed class PeekedContent : HttpContent
{
    private const int Limit = 64 * 1024;

    private readonly HttpContent _original;
    private readonly Stream _rest;
    private readonly byte[] _start;

    private PeekedContent(HttpContent original, Stream rest, byte[] start)
    {
        _original = original;
        _rest = rest;
        _start = start;
        foreach ((string name, IEnumerable<string> values) in original.Headers)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    /// <summary>Gets the beginning of the body: all of it, or as much as any error message needs.</summary>
    public ReadOnlyMemory<byte> Start => _start;

    public static async Task<PeekedContent> CreateAsync(HttpContent content, CancellationToken cancellationToken)
    {
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[Math.Min(Limit, content.Headers.ContentLength ?? Limit)];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return new PeekedContent(content, stream, buffer[..length]);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_start).ConfigureAwait(false);
        await _rest.CopyToAsync(stream).ConfigureAwait(false);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        stream.Write(_start);
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
