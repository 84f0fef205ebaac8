using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Spid.Client.Tests.Shared;

/// <summary>A real HTTP/1.1 server on loopback, for what only the real transport does: redirects and connections.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string> _answer;

    /// <summary>Starts listening; <paramref name="answer"/> gets the head of each request and gives the whole answer.</summary>
    public LoopbackServer(Func<string, string> answer)
    {
        _answer = answer;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public ConcurrentQueue<string> Heads { get; } = new();

    public static string Status(int status, string headers = "", string body = "") =>
        $"HTTP/1.1 {status} x\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{headers}\r\n{body}";

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was disposed.
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using TcpClient owned = connection;
        NetworkStream stream = connection.GetStream();
        var head = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer) is var read and > 0)
        {
            head.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        Heads.Enqueue(head.ToString());
        await stream.WriteAsync(Encoding.Latin1.GetBytes(_answer(head.ToString())));
    }
}
