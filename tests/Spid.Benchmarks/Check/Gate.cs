using System.Diagnostics;

namespace Spid.Benchmarks.Check;

/// <summary>Measures every figure and prints a line for each.</summary>
/// <remarks>
/// The optimising compiler settles differently from process to process, and a shared machine is busy from time to time. So there are always
/// five processes, and a time is their median. None of them is repeated.
/// </remarks>
internal static class Gate
{
    private const int Processes = 5;

    /// <returns>The exit code: 0 when every figure keeps its goal.</returns>
    public static int Run()
    {
        var readings = new List<Reading>();
        for (int process = 0; process < Processes; process++)
        {
            foreach (string line in Start())
            {
                if (Reading.TryParse(line) is { } reading)
                {
                    readings.Add(reading);
                }
                else if (process == 0)
                {
                    Console.WriteLine(line);
                }
            }
        }

        Reading[] combined = [.. readings.GroupBy(reading => reading.Name).Select(Reading.Combine)];
        Array.ForEach(combined, Console.WriteLine);
        return Array.TrueForAll(combined, reading => reading.Keeps) ? 0 : 1;
    }

    /// <summary>Measures in this process, for <see cref="Run"/> to read.</summary>
    public static void PrintFigures()
    {
        IEnumerable<Figure> figures = HandlerFigures.Measure()
            .Concat(BodyFigures.Measure())
            .Concat(TokenFigures.Measure())
            .Concat(FetchFigures.Measure())
            .Concat(LoadFigures.Measure())
            .Concat(VerificationFigures.Measure())
            .Concat(AttackFigures.Measure())
            .Concat(OutageFigures.Measure())
            .Concat(ServerFigures.Measure());
        foreach (Figure figure in figures)
        {
            Console.WriteLine(figure.Read().ToLine());
        }
    }

    private static IEnumerable<string> Start()
    {
        string[] arguments = [typeof(Gate).Assembly.Location, "--figures"];
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            yield return line;
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"A measuring process ended with {process.ExitCode}.");
        }
    }
}
