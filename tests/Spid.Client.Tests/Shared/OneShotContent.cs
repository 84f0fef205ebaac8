using System.Net;

namespace Spid.Client.Tests.Shared;

/// <summary>A content of an application, of unknown length, that writes its pieces one after the other and has nothing left the second time.</summary>
internal sealed class OneShotContent(params byte[][] pieces) : HttpContent
{
    private byte[][] _pieces = pieces;

    public bool IsDisposed { get; private set; }

    public int Serializations { get; private set; }

    /// <summary>Gets or sets what happens before a piece, by its number, is written.</summary>
    public Func<int, Task> Before { get; set; } = _ => Task.CompletedTask;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        byte[][] left = _pieces;
        _pieces = [];
        Serializations++;
        for (int piece = 0; piece < left.Length; piece++)
        {
            await Before(piece);
            await stream.WriteAsync(left[piece]);
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
