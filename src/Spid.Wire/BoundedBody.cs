using System.Buffers;

namespace Spid.Wire;

/// <summary>Reads a response body up to a limit and clears the buffer afterwards, for it holds a token.</summary>
internal sealed class BoundedBody : IDisposable
{
    /// <summary>The most that is read of an answer that does not say otherwise; a real one has a few kilobytes.</summary>
    public const int Limit = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4 * 1024);
    private int _length;

    private BoundedBody()
    {
    }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads the body, or gives <see langword="null"/> when it is longer than the limit in bytes.</summary>
    public static async Task<BoundedBody?> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        var body = new BoundedBody();
        try
        {
            Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (await stream.ReadAsync(body.Free(), cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                body._length += read;
                if (body._length > limit)
                {
                    body.Dispose();
                    return null;
                }
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private Memory<byte> Free()
    {
        if (_length == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.CopyTo(larger.AsSpan());
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
            _buffer = larger;
        }

        return _buffer.AsMemory(_length);
    }
}
