using System.Globalization;
using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Check;

/// <summary>A protected server under load on a real port, against the same server with JwtBearer. The generator shares its cores.</summary>
internal static class ServerFigures
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(0.4);

    public static IEnumerable<Figure> Measure()
    {
        LoadServer server = LoadServer.StartAsync().GetAwaiter().GetResult();
        try
        {
            var load = new Load(server.Address);
            string[] good = [server.Key.Issue()];
            string[] noTokens = [.. Enumerable.Range(0, 1000).Select(number => $"{number:x8}{number:x8}{number:x8}{number:x8}{number:x8}")];
            string[] forged = [.. Enumerable.Range(0, 1000).Select(number => Forge(good[0], number))];

            yield return new("R20: requests verified locally beside JwtBearer's", () => Compare("/local", good, 200), "x", 0.75, IsFloor: true);
            yield return new("R21: introspected requests beside JwtBearer's", () => Compare("/remote", good, 200), "x", 0.85, IsFloor: true);
            yield return new("R21: introspections of all these requests", () => server.Key.Introspections, "calls", 1);
            yield return new("R22: refused non-tokens beside JwtBearer's good ones", () => Compare("/local", noTokens, 401), "x", 0.97, IsFloor: true);
            yield return new("R22: refused forgeries beside JwtBearer's good ones", () => Compare("/local", forged, 401), "x", 0.97, IsFloor: true);
            yield return new("R22: introspections of all these tokens", () => server.Key.Introspections, "calls", 1);

            double Compare(string path, string[] tokens, int status) => CompareAsync(load, path, tokens, good, status).GetAwaiter().GetResult();
        }
        finally
        {
            server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static async Task<double> CompareAsync(Load load, string path, string[] tokens, string[] good, int status)
    {
        var ratios = new double[5];
        (double PerSecond, double Slowest) last = default;
        for (int round = -1; round < ratios.Length; round++)
        {
            last = await load.MeasureAsync(path, tokens, status, Window);
            (double PerSecond, double Slowest) jwtBearer = await load.MeasureAsync("/jwtbearer", good, 200, Window);
            ratios[Math.Max(round, 0)] = last.PerSecond / jwtBearer.PerSecond;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}, status {status}: {last.PerSecond:0} requests a second, 99 of 100 within {last.Slowest:0.0} ms"));
        return SideBySide.Median(ratios);
    }

    /// <summary>A good token with a signature that is as long as it should be and does not fit.</summary>
    private static string Forge(string token, int number)
    {
        string[] parts = token.Split('.');
        return $"{parts[0]}.{parts[1]}.{number:0000}{parts[2][4..]}";
    }
}
