using System.Net.Sockets;
using System.Text;

namespace Spid.Benchmarks.Check;

/// <summary>Sends requests over a few connections, as fast as they are answered, and counts what comes back.</summary>
internal sealed class Load(Uri server)
{
    private const int Connections = 8;

    /// <summary>Gives the requests answered in a second and the time in milliseconds within which 99 of 100 were.</summary>
    public async Task<(double PerSecond, double Slowest)> MeasureAsync(string path, IReadOnlyList<string> tokens, int status, TimeSpan duration)
    {
        byte[][] requests = [.. tokens.Select(token => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {token}\r\n\r\n"))];
        long end = TimeProvider.System.GetTimestamp() + (long)(duration.TotalSeconds * TimeProvider.System.TimestampFrequency);
        List<double>[] times = await Task.WhenAll(Enumerable.Range(0, Connections).Select(number => Task.Run(() => SendAsync(requests, number, status, end))));
        double[] all = [.. times.SelectMany(each => each).Order()];
        return (all.Length / duration.TotalSeconds, all[(int)(all.Length * 0.99)]);
    }

    private async Task<List<double>> SendAsync(byte[][] requests, int first, int status, long end)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port);
        byte[] answer = new byte[4096];
        byte[] expected = Encoding.ASCII.GetBytes($"HTTP/1.1 {status}");
        var times = new List<double>();
        for (int number = first; TimeProvider.System.GetTimestamp() is var startedAt && startedAt < end; number += Connections)
        {
            await socket.SendAsync(requests[number % requests.Length]);
            await ReceiveAsync(socket, answer);
            if (!answer.AsSpan().StartsWith(expected))
            {
                throw new InvalidOperationException($"The server answered {Encoding.ASCII.GetString(answer, 0, 12)} where {status} was expected.");
            }

            times.Add(TimeProvider.System.GetElapsedTime(startedAt).TotalMilliseconds);
        }

        return times;
    }

    /// <summary>The body of a refusal is empty, that of an answer one chunk, and either comes whole.</summary>
    private static async Task ReceiveAsync(Socket socket, Memory<byte> answer)
    {
        int received = 0;
        do
        {
            int read = await socket.ReceiveAsync(answer[received..]);
            received += read > 0 ? read : throw new IOException("The server closed the connection.");
        }
        while (!IsWhole(answer.Span[..received]));
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer) => answer.EndsWith("\r\n\r\n"u8)
        && (answer.IndexOf("Content-Length: 0"u8) >= 0 || answer.EndsWith("0\r\n\r\n"u8));
}
