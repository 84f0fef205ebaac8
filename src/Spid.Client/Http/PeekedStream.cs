using System.Runtime.ExceptionServices;

namespace Spid.Client.Http;

/// <summary>The bytes of a stream that have been read already, and behind them the stream itself.</summary>
/// <param name="start">The bytes read.</param>
/// <param name="rest">What follows; it is disposed with this stream.</param>
/// <param name="fault">What ended the reading, and meets the reader behind the bytes.</param>
internal sealed class PeekedStream(ReadOnlyMemory<byte> start, Stream rest, ExceptionDispatchInfo? fault) : Stream
{
    private ReadOnlyMemory<byte> _start = start;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer) => HasStart() ? TakeFromStart(buffer) : rest.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        HasStart() ? new(TakeFromStart(buffer.Span)) : rest.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool HasStart()
    {
        if (_start.IsEmpty)
        {
            fault?.Throw();
        }

        return !_start.IsEmpty;
    }

    private int TakeFromStart(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _start.Length);
        _start.Span[..count].CopyTo(buffer);
        _start = _start[count..];
        return count;
    }
}
