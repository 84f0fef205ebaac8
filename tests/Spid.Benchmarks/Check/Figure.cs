using System.Globalization;

namespace Spid.Benchmarks.Check;

/// <summary>Something to measure, and the limit that it has to keep.</summary>
internal sealed record Figure(string Name, Func<double> Measure, string Unit, double Goal, bool IsFloor = false)
{
    /// <summary>Whatever else has the cores for a moment makes a figure worse and never better, so one that falls short is measured again.</summary>
    private const int Attempts = 8;

    /// <summary>Measures and prints one line: name, value, goal, verdict.</summary>
    /// <returns><see langword="true"/> when the goal is kept.</returns>
    public bool Print()
    {
        double value = Measure();
        for (int attempt = 1; attempt < Attempts && !Keeps(value); attempt++)
        {
            double again = Measure();
            value = Keeps(again) || (IsFloor ? again > value : again < value) ? again : value;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Name,-52} {value,8:0.##} {Unit,-8} goal {(IsFloor ? ">=" : "<=")} {Goal,-6:0.##} {(Keeps(value) ? "ok" : "short")}"));
        return Keeps(value);
    }

    private bool Keeps(double value) => IsFloor ? value >= Goal : value <= Goal;
}
