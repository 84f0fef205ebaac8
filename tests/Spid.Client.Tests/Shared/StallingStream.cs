namespace Spid.Client.Tests.Shared;

/// <summary>The body of a server that sends some bytes and then nothing more, without closing.</summary>
internal sealed class StallingStream(int length) : Stream
{
    private readonly TaskCompletionSource<int> _never = new();
    private int _left = length;

    /// <summary>Gets what completes when a reader waits for more.</summary>
    public TaskCompletionSource Stalled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = Math.Min(_left, buffer.Length);
        if (read == 0)
        {
            Stalled.TrySetResult();
            return await _never.Task.WaitAsync(cancellationToken);
        }

        buffer.Span[..read].Fill((byte)' ');
        _left -= read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
