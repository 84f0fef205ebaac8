using System.Globalization;
using Spid.Benchmarks.Subjects;

namespace Spid.Benchmarks.Check;

/// <summary>What an authenticated request with a remembered token costs, beyond a scheme that does nothing, and beside JwtBearer.</summary>
internal static class VerificationFigures
{
    private const int Rounds = 301;
    private const int Repetitions = 100;
    private const int WarmUpRounds = 300;

    public static IEnumerable<Figure> Measure()
    {
        using var key = new PublishedKey();
        using var nothing = ProtectedApi.WithNothing();
        using var ours = ProtectedApi.WithSpid(key);
        using var jwtBearer = ProtectedApi.WithJwtBearer(key);
        string authorization = "Bearer " + key.Issue();
        Action<int>[] loops = [Loop(nothing, authorization), Loop(ours, authorization), Loop(jwtBearer, authorization)];
        if (!ours.Request(authorization) || !jwtBearer.Request(authorization))
        {
            throw new InvalidOperationException("The token is refused, so there is nothing to measure.");
        }

        double[] bytes = [.. loops.Select(Allocation.BytesEach)];
        double[] times = TimesEach(loops);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"no-op scheme {times[0]:0.00} us {bytes[0]:0} B; ours net {times[1] - times[0]:0.00} us {bytes[1] - bytes[0]:0} B; JwtBearer net {times[2] - times[0]:0.00} us {bytes[2] - bytes[0]:0} B"));

        yield return new("request with a remembered token, net: time", () => Net(TimesEach(loops)), "us", 10);
        yield return new("request with a remembered token, net: bytes", () => bytes[1] - bytes[0], "B", 3 * 1024);
        yield return new("net time beside JwtBearer's", () => Share(TimesEach(loops)), "x", 0.25);
        yield return new("net bytes beside JwtBearer's", () => Share(bytes), "x", 0.25);
    }

    private static double Net(double[] values) => values[1] - values[0];

    private static double Share(double[] values) => (values[1] - values[0]) / (values[2] - values[0]);

    private static Action<int> Loop(ProtectedApi api, string authorization) => repetitions =>
    {
        for (int i = 0; i < repetitions; i++)
        {
            _ = api.Request(authorization);
        }
    };

    /// <summary>Microseconds of one request in each loop: medians of short batches that take turns.</summary>
    private static double[] TimesEach(Action<int>[] loops)
    {
        for (int round = 0; round < WarmUpRounds; round++)
        {
            Array.ForEach(loops, loop => loop(Repetitions / 10));
        }

        double[][] samples = [.. loops.Select(_ => new double[Rounds])];
        for (int round = 0; round < Rounds; round++)
        {
            for (int index = 0; index < loops.Length; index++)
            {
                samples[index][round] = SideBySide.Milliseconds(loops[index], Repetitions) * 1000 / Repetitions;
            }
        }

        return [.. samples.Select(SideBySide.Median)];
    }
}
