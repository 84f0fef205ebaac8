using System.Net;
using System.Net.Http.Headers;

namespace Spid.Client.Http;

/// <summary>Keeps the bytes of one request body while they are sent, so that the request can be repeated after a 401.</summary>
/// <remarks>
/// Thread-safe: over HTTP/2 a body may still be under way when the answer is there, and handlers below may send a message several times, also
/// at once. What is kept is one whole serialization of the original or nothing.
/// </remarks>
internal sealed class BodyRecorder(HttpContent original, long limit)
{
    private readonly Lock _gate = new();
    private State _state;
    private byte[] _bytes = [];
    private int _length;

    private enum State
    {
        /// <summary>Nothing has touched the original.</summary>
        Untouched,

        /// <summary>A handler below has a stream of the original, and may have read from it.</summary>
        Opened,

        Sending,

        /// <summary>Sent and kept as a whole; a further send writes these bytes.</summary>
        Kept,

        /// <summary>Not kept; a further send serializes the original, as without a recorder.</summary>
        Abandoned,

        /// <summary>Refused before it was sent; the original is sent in the repetition, and must not be sent here too.</summary>
        Sealed,
    }

    public HttpContent Original => original;

    /// <summary>Makes a content that stands for the original, with its headers.</summary>
    public HttpContent CreateContent() =>
        original is ByteArrayContent or StreamContent or MultipartContent ? new RecordedPlatformContent(this) : new RecordedContent(this);

    public void CopyHeadersTo(HttpContentHeaders headers)
    {
        try
        {
            // The length is computed when it is read, and is among the headers from then on, unless it is unknown.
            _ = original.Headers.ContentLength;
        }
        catch (ObjectDisposedException)
        {
            // A handler below disposed the body after it was sent. The length has been read before.
        }

        foreach ((string name, HeaderStringValues values) in original.Headers.NonValidated)
        {
            _ = values.Count == 1 ? headers.TryAddWithoutValidation(name, values.ToString()) : headers.TryAddWithoutValidation(name, values);
        }
    }

    public Task CopyToAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => Begin(State.Sending, out ReadOnlyMemory<byte> kept) switch
    {
        State.Sending => RecordAsync(stream, context, cancellationToken),
        State.Kept => stream.WriteAsync(kept, cancellationToken).AsTask(),
        _ => original.CopyToAsync(stream, context, cancellationToken),
    };

    public void CopyTo(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        switch (Begin(State.Sending, out ReadOnlyMemory<byte> kept))
        {
            case State.Sending:
                RecordTo(stream, context, cancellationToken);
                break;
            case State.Kept:
                stream.Write(kept.Span);
                break;
            default:
                original.CopyTo(stream, context, cancellationToken);
                break;
        }
    }

    public Task<Stream> ReadAsStreamAsync(CancellationToken cancellationToken) => Begin(State.Opened, out ReadOnlyMemory<byte> kept) is State.Kept
        ? Task.FromResult<Stream>(new MemoryStream(kept.ToArray(), writable: false))
        : original.ReadAsStreamAsync(cancellationToken);

    public Stream ReadAsStream(CancellationToken cancellationToken) => Begin(State.Opened, out ReadOnlyMemory<byte> kept) is State.Kept
        ? new MemoryStream(kept.ToArray(), writable: false)
        : original.ReadAsStream(cancellationToken);

    /// <summary>Notes what is being written to the connection, and lets everything go once it is more than the limit.</summary>
    public void Record(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_state is not State.Sending || bytes.Length > limit - _length)
            {
                Abandon();
                return;
            }

            if (bytes.Length > _bytes.Length - _length)
            {
                Array.Resize(ref _bytes, (int)Math.Min(limit, Math.Max(_length + bytes.Length, _bytes.Length * 2L)));
            }

            bytes.CopyTo(_bytes.AsSpan(_length));
            _length += bytes.Length;
        }
    }

    /// <summary>Gets the body of the repetition, or <see langword="null"/> when not all bytes of the first time are known.</summary>
    public HttpContent? TakeForReplay()
    {
        lock (_gate)
        {
            switch (_state)
            {
                case State.Kept:
                    return CreateContent();
                case State.Untouched:
                    // The service refused the request without its body, which "Expect: 100-continue" is for.
                    _state = State.Sealed;
                    return original;
                default:
                    Abandon();
                    return null;
            }
        }
    }

    /// <summary>Ends the recording with the call; a body that is still under way goes on without it.</summary>
    public void End()
    {
        lock (_gate)
        {
            // The repetition sends what is kept, and may still be under way too. It is freed with the last content that refers to it.
            if (_state is not (State.Kept or State.Sealed))
            {
                Abandon();
            }
        }
    }

    private State Begin(State use, out ReadOnlyMemory<byte> kept)
    {
        lock (_gate)
        {
            kept = _state is State.Kept ? _bytes.AsMemory(0, _length) : default;
            switch (_state)
            {
                case State.Untouched or State.Opened:
                    _state = use;
                    break;
                case State.Sending when use is State.Sending:
                    // Two serializations at once may share a sequence between them, so neither is known to be whole.
                    Abandon();
                    break;
                case State.Sealed:
                    throw new InvalidOperationException("The request was refused before its body was sent, and is repeated with it.");
                default:
                    break;
            }

            return _state;
        }
    }

    private async Task RecordAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            await original.CopyToAsync(RecordingOf(stream), context, cancellationToken).ConfigureAwait(false);
            Complete();
        }
        catch
        {
            End();
            throw;
        }
    }

    private void RecordTo(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            original.CopyTo(RecordingOf(stream), context, cancellationToken);
            Complete();
        }
        catch
        {
            End();
            throw;
        }
    }

    private Stream RecordingOf(Stream stream)
    {
        if (original.Headers.ContentLength > limit)
        {
            End();
            return stream;
        }

        return new RecordingStream(stream, this);
    }

    private void Complete()
    {
        lock (_gate)
        {
            if (_state is State.Sending)
            {
                _state = State.Kept;
            }
        }
    }

    private void Abandon()
    {
        _state = State.Abandoned;
        _bytes = [];
        _length = 0;
    }
}
