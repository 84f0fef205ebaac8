namespace Spid.Client.Tests.Shared;

/// <summary>The body of a server that sends some bytes and then nothing more, without closing.</summary>
internal sealed class StallingStream(int length) : ForwardOnlyStream
{
    private readonly TaskCompletionSource<int> _never = new();
    private int _left = length;

    /// <summary>Gets what completes when a reader waits for more.</summary>
    public TaskCompletionSource Stalled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
}
