using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Spid.Client.Tests.Shared;

/// <summary>One connection to a <see cref="RawServer"/>.</summary>
internal sealed class RawConnection(Socket socket, Action<string> received, CancellationToken cancellationToken) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    public Stream Stream => _stream;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Reads one request, body included.</summary>
    public async Task<string> ReadRequestAsync()
    {
        var bytes = new List<byte>();
        int bodyStart = -1;
        int total = int.MaxValue;
        byte[] buffer = new byte[4096];
        while (bytes.Count < total)
        {
            int read = await _stream.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                throw new IOException("The client closed the connection.");
            }

            bytes.AddRange(buffer[..read]);
            if (bodyStart < 0 && (bodyStart = Encoding.Latin1.GetString([.. bytes]).IndexOf("\r\n\r\n", StringComparison.Ordinal)) >= 0)
            {
                total = bodyStart + 4 + LengthOf(Encoding.Latin1.GetString([.. bytes])[..bodyStart]);
            }
        }

        string request = Encoding.Latin1.GetString([.. bytes]);
        received(request);
        return request;
    }

    public async Task WriteAsync(string text) => await WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task WriteAsync(byte[] bytes) => await _stream.WriteAsync(bytes, cancellationToken);

    /// <summary>Writes a whole answer with its length and closes.</summary>
    public Task AnswerAsync(string statusLine, string body, params string[] headers) => WriteAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"HTTP/1.1 {statusLine}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"));

    /// <summary>Tears the connection down with RST.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    /// <summary>Says that nothing more comes, and waits until the client has read all and left.</summary>
    public async Task DrainAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        byte[] buffer = new byte[4096];
        while (await _stream.ReadAsync(buffer, cancellationToken) > 0)
        {
        }
    }

    /// <summary>Never ends before the server does.</summary>
    public async Task HangAsync()
    {
        var never = new TaskCompletionSource();
        await never.Task.WaitAsync(cancellationToken);
    }

    public void Dispose() => _stream.Dispose();

    private static int LengthOf(string head)
    {
        string? line = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : int.Parse(line["Content-Length:".Length..], CultureInfo.InvariantCulture);
    }
}
