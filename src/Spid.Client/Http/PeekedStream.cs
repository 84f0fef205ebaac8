using System.Runtime.ExceptionServices;

namespace Spid.Client.Http;

/// <summary>The body of a response, of which the beginning can be looked at without taking it from the reader.</summary>
/// <param name="content">The body; it is disposed with this stream.</param>
internal sealed class PeekedStream(HttpContent content) : Stream
{
    private const int Limit = 64 * 1024;

    private readonly CancellationTokenSource _disposal = new();
    private readonly byte[] _start = new byte[Math.Min(Limit, content.Headers.ContentLength ?? Limit)];
    private Task _peeking = Task.CompletedTask;
    private Stream _rest = Stream.Null;
    private ExceptionDispatchInfo? _fault;
    private int _taken;
    private int _length;
    private volatile bool _timedOut;
    private bool _disposed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Waits for the beginning of the body, and gives nothing when it does not come in time. A read that is under way then goes on: ended, it
    /// would take the connection with it, and the body from the reader.
    /// </summary>
    public async Task<ReadOnlyMemory<byte>> PeekAsync(TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _peeking = ReadStartAsync();
        await _peeking.WaitAsync(timeout, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _timedOut = true;
        cancellationToken.ThrowIfCancellationRequested();
        return _peeking.IsCompleted ? _start.AsMemory(0, _length) : default;
    }

    public override int Read(Span<byte> buffer)
    {
        _peeking.GetAwaiter().GetResult();
        return HasStart() ? TakeFromStart(buffer) : _rest.Read(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _peeking.WaitAsync(cancellationToken).ConfigureAwait(false);
        return HasStart() ? TakeFromStart(buffer.Span) : await _rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

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
        if (disposing && !Interlocked.Exchange(ref _disposed, true))
        {
            _ = DisposeContentAsync();
        }

        base.Dispose(disposing);
    }

    /// <summary>A connection must not be disposed, and so perhaps used for another request, while something still reads from it.</summary>
    private async Task DisposeContentAsync()
    {
        if (!_peeking.IsCompleted)
        {
            await _disposal.CancelAsync().ConfigureAwait(false);
            await _peeking.ConfigureAwait(false);
        }

        content.Dispose();
        _disposal.Dispose();
    }

    private async Task ReadStartAsync()
    {
        try
        {
            _rest = await content.ReadAsStreamAsync(_disposal.Token).ConfigureAwait(false);
            while (!_timedOut && _length < _start.Length && await _rest.ReadAsync(_start.AsMemory(_length), _disposal.Token).ConfigureAwait(false) is var read and > 0)
            {
                _length += read;
            }
        }
        catch (Exception exception)
        {
            // The body broke off. The caller meets that where it would have met it anyway: while reading.
            _fault = ExceptionDispatchInfo.Capture(exception);
        }
    }

    private bool HasStart()
    {
        if (_taken == _length)
        {
            _fault?.Throw();
        }

        return _taken < _length;
    }

    private int TakeFromStart(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _length - _taken);
        _start.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }
}
