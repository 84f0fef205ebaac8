using System.Globalization;

namespace Spid.Schedules.Running;

/// <summary>What the command line asks for.</summary>
internal sealed record ScheduleArguments
{
    public const string Usage =
        """
        Explores the interleavings of each scenario, one schedule after another, and ends with 1 when one breaks a guarantee.

          --list            lists the scenarios
          --scenario NAME   explores this scenario only; may be repeated
          --schedules N     how many schedules of each scenario, 1000 by default
          --seconds N       instead: as many as fit into this time for all scenarios together
          --seed N          the first seed, 1 by default
          --jobs N          how many processes share the scenarios, by default one for each processor
          --replay FILE     repeats the schedule that a failed run has written; with one --scenario
        """;

    public IReadOnlyList<string> Scenarios { get; init; } = [];

    public uint Schedules { get; init; } = 1000;

    public int Seconds { get; init; }

    public uint Seed { get; init; } = 1;

    public int Jobs { get; init; } = Environment.ProcessorCount;

    public string? Replay { get; init; }

    public bool List { get; init; }

    /// <exception cref="FormatException">The arguments cannot be read.</exception>
    public static ScheduleArguments Parse(ReadOnlySpan<string> arguments)
    {
        var parsed = new ScheduleArguments();
        while (!arguments.IsEmpty)
        {
            (parsed, int used) = arguments switch
            {
                ["--list", ..] => (parsed with { List = true }, 1),
                ["--scenario", var name, ..] => (parsed with { Scenarios = [.. parsed.Scenarios, name] }, 2),
                ["--schedules", var count, ..] => (parsed with { Schedules = ParseNumber(count) }, 2),
                ["--seconds", var seconds, ..] => (parsed with { Seconds = (int)ParseNumber(seconds) }, 2),
                ["--seed", var seed, ..] => (parsed with { Seed = ParseNumber(seed) }, 2),
                ["--jobs", var jobs, ..] => (parsed with { Jobs = (int)ParseNumber(jobs) }, 2),
                ["--replay", var file, ..] => (parsed with { Replay = file }, 2),
                _ => throw new FormatException($"'{arguments[0]}' is not an option or lacks its value."),
            };
            arguments = arguments[used..];
        }

        return parsed;
    }

    /// <summary>Writes what a worker process must know of these arguments.</summary>
    public IEnumerable<string> ForWorker(IEnumerable<string> scenarios, int seconds) =>
    [
        .. scenarios.SelectMany(name => new[] { "--scenario", name }),
        "--schedules", Schedules.ToString(CultureInfo.InvariantCulture),
        .. seconds > 0 ? ["--seconds", seconds.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        "--seed", Seed.ToString(CultureInfo.InvariantCulture),
        .. Replay is null ? Array.Empty<string>() : ["--replay", Replay],
    ];

    private static uint ParseNumber(string text) =>
        uint.TryParse(text, CultureInfo.InvariantCulture, out uint number) && number > 0 ? number : throw new FormatException($"'{text}' is not a positive number.");
}
