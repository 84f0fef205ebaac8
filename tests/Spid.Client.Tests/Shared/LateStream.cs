using System.Text;
using System.Threading.Channels;

namespace Spid.Client.Tests.Shared;

/// <summary>A body that comes when the test says so, and that notices whether it is disposed while it is being read.</summary>
internal sealed class LateStream : ForwardOnlyStream
{
    private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>();
    private int _readers;

    /// <summary>Gets what completes when a reader waits.</summary>
    public TaskCompletionSource Awaited { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool WasReadWhileDisposed { get; private set; }

    public void Deliver(string text, bool last = true)
    {
        _pieces.Writer.TryWrite(Encoding.UTF8.GetBytes(text));
        if (last)
        {
            _pieces.Writer.Complete();
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _readers);
        Awaited.TrySetResult();
        try
        {
            if (!await _pieces.Reader.WaitToReadAsync(cancellationToken))
            {
                return 0;
            }

            byte[] piece = await _pieces.Reader.ReadAsync(cancellationToken);
            piece.CopyTo(buffer);
            return piece.Length;
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    protected override void Dispose(bool disposing)
    {
        WasReadWhileDisposed |= Volatile.Read(ref _readers) > 0;
        Disposed.TrySetResult();
        base.Dispose(disposing);
    }
}
