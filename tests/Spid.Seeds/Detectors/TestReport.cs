using System.Text.RegularExpressions;

namespace Spid.Seeds.Detectors;

/// <summary>
/// The tests that a run of the test platform names on the console, by full name. Each line is there as soon as its test has ended, where
/// the report in a file waits for all tests: a fault that one test notices may make others hang.
/// </summary>
internal sealed partial record TestReport(IReadOnlyList<string> Passed, IReadOnlyList<string> Failed)
{
    public static TestReport Read(string output)
    {
        ILookup<string, string> names = ResultLine().Matches(output).ToLookup(match => match.Groups["outcome"].Value, match => match.Groups["name"].Value, StringComparer.Ordinal);
        return new TestReport([.. names["Passed"]], [.. names["Failed"]]);
    }

    /// <summary>Shortens a full name to the fixture and the test.</summary>
    public static string ShortNameOf(string fullName)
    {
        int arguments = fullName.IndexOf('(', StringComparison.Ordinal);
        int end = fullName.LastIndexOf('.', (arguments < 0 ? fullName.Length : arguments) - 1);
        return fullName[(fullName.LastIndexOf('.', Math.Max(end - 1, 0)) + 1)..];
    }

    [GeneratedRegex(@"^ +(?<outcome>Passed|Failed) (?<name>\S.*?) \[[^\]]*\d (ms|s|m|h)\]\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex ResultLine();
}
