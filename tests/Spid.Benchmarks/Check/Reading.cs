using System.Globalization;

namespace Spid.Benchmarks.Check;

/// <summary>The value of a <see cref="Figure"/>, as one process tells it to another.</summary>
internal sealed record Reading(string Name, double Value, string Unit, double Goal, bool IsFloor)
{
    private const char Separator = '\t';

    public bool Keeps => IsFloor ? Value >= Goal : Value <= Goal;

    /// <summary>Gets a value indicating whether the value is exact, so that every process must come to the goal; times and bytes vary.</summary>
    private bool IsCount => Unit is not ("x" or "us" or "B" or "B more");

    /// <summary>Combines what several processes read: the median, and of counts the worst.</summary>
    public static Reading Combine(IEnumerable<Reading> readings)
    {
        Reading[] sorted = [.. readings.OrderBy(reading => reading.IsFloor ? -reading.Value : reading.Value)];
        return sorted[^1].IsCount ? sorted[^1] : sorted[sorted.Length / 2];
    }

    public static Reading? TryParse(string line) => line.Split(Separator) is [var name, var value, var unit, var goal, var isFloor]
        ? new Reading(name, double.Parse(value, CultureInfo.InvariantCulture), unit, double.Parse(goal, CultureInfo.InvariantCulture), bool.Parse(isFloor))
        : null;

    public string ToLine() => string.Join(
        Separator, Name, Value.ToString("R", CultureInfo.InvariantCulture), Unit, Goal.ToString("R", CultureInfo.InvariantCulture), IsFloor);

    /// <summary>Prints name, value, goal and verdict.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name,-52} {Value,8:0.##} {Unit,-8} goal {(IsFloor ? ">=" : "<=")} {Goal,-6:0.##} {(Keeps ? "ok" : "short")}");
}
