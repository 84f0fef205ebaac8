using System.Globalization;
using Spid.Seeds.Catalog;

namespace Spid.Seeds;

/// <summary>What the command line asks for.</summary>
internal sealed record SeedArguments
{
    public const string Usage =
        """
        Puts one fault after another into a copy of the sources and ends with 1 when the tests miss one.

          --list           lists the seeds and what should find each
          --only NAME...   only the seeds whose names contain one of these texts
          --jobs N         how many copies work side by side, 1 by default
        """;

    public bool List { get; private init; }

    public IReadOnlyList<string> Only { get; private init; } = [];

    public int Jobs { get; private init; } = 1;

    /// <exception cref="FormatException">The arguments cannot be read.</exception>
    public static SeedArguments Parse(ReadOnlySpan<string> arguments)
    {
        var parsed = new SeedArguments();
        while (!arguments.IsEmpty)
        {
            (parsed, int used) = arguments switch
            {
                ["--list", ..] => (parsed with { List = true }, 1),
                ["--jobs", var jobs, ..] => (parsed with { Jobs = ParseJobs(jobs) }, 2),
                ["--only", .. var rest] when CountNames(rest) is > 0 and var names => (parsed with { Only = [.. parsed.Only, .. rest[..names]] }, names + 1),
                _ => throw new FormatException($"'{arguments[0]}' is not an option or lacks its value."),
            };
            arguments = arguments[used..];
        }

        return parsed;
    }

    public bool Chooses(Seed seed) => Only.Count == 0 || Only.Any(part => seed.Name.Contains(part, StringComparison.Ordinal));

    private static int CountNames(ReadOnlySpan<string> arguments)
    {
        int count = 0;
        while (count < arguments.Length && !arguments[count].StartsWith("--", StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    private static int ParseJobs(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int jobs) && jobs > 0 ? jobs : throw new FormatException($"'{text}' is not a positive number.");
}
