using System.Text;

namespace Spid.ResourceServer.Tests.Shared;

/// <summary>A body that breaks off with an error.</summary>
internal sealed class BreakingStream(string beginning) : MemoryStream(Encoding.UTF8.GetBytes(beginning))
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The connection was reset.");
}
