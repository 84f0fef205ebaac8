using System.Text.RegularExpressions;
using Spid.Architecture.Tests.Shared;

namespace Spid.Architecture.Tests.Documents;

/// <summary>A block of C# in a page, and the place in a sample that it is said to come from.</summary>
internal sealed partial record SampleBlock(string? Path, string? Region, string Code)
{
    /// <summary>Finds every block of C#; one without a marker right above it has neither path nor region.</summary>
    public static SampleBlock[] In(string page) =>
    [
        .. Block().Matches(page.ReplaceLineEndings("\n")).Select(match => new SampleBlock(
            match.Groups["path"] is { Success: true } path ? path.Value : null,
            match.Groups["region"] is { Success: true } region ? region.Value : null,
            Dedent(match.Groups["code"].Value.Split('\n')))),
    ];

    /// <summary>Gives the lines between <c>// begin: region</c> and <c>// end: region</c>, or <see langword="null"/> when they are not there.</summary>
    public static string? Cut(string source, string region)
    {
        string[] lines = source.ReplaceLineEndings("\n").Split('\n');
        int begin = Array.FindIndex(lines, line => line.Trim() == $"// begin: {region}");
        int end = Array.FindIndex(lines, line => line.Trim() == $"// end: {region}");
        return begin < 0 || end < begin ? null : Dedent(lines[(begin + 1)..end]);
    }

    /// <summary>Says what is wrong with the block, or nothing.</summary>
    public string? FindFault()
    {
        if (Path is null || Region is null)
        {
            return $"no sample is named above: {Code.Split('\n')[0]}";
        }

        string file = Repository.PathOf(Path);
        string? expected = File.Exists(file) ? Cut(File.ReadAllText(file), Region) : null;
        return expected == Code ? null : $"the block differs from {Path}#{Region}:\n{Code}\n-- the sample has --\n{expected ?? "(nothing)"}";
    }

    /// <summary>A region inside a class is indented, its block in a page is not.</summary>
    private static string Dedent(string[] lines)
    {
        int indent = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..].TrimEnd() : "")).Trim('\n');
    }

    [GeneratedRegex(@"(<!-- sample: (?<path>[^#\s]+)#(?<region>[\w-]+) -->\n)?^```(csharp|cs|c#)\n(?<code>.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Block();
}
