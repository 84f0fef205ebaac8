using System.Globalization;
using System.Text.RegularExpressions;
using Spid.Architecture.Tests.Shared;

namespace Spid.Architecture.Tests.Conventions;

/// <summary>
/// Every numbered edge case, vector and figure of the design of the receiving side is named by a test, and so is every case in which the calling
/// side once failed beside other code of a host.
/// </summary>
internal sealed partial class CaseNumberTests
{
    private const int EdgeCases = 101;
    private const int CallingCases = 38;

    /// <summary>An algorithm of RFC 7636, and no number of ours.</summary>
    private const string CodeChallengeMethod = "S256";

    /// <summary>Runs that are no tests: what they check stands in their comments and in the names of their figures.</summary>
    private static readonly string[] Runs = ["Spid.AotSmoke", "Spid.Benchmarks"];

    private static readonly string[] Figures = ["S1", "S2", "S10", "S11", "S13", "S14", "R14", "R15", "R20", "R21", "R22"];

    private static readonly string[] FiguresOfRuns = ["edge case 100", "edge case 101", "R20", "R21", "R22"];

    [Test]
    public void Numbers_OfTheDesign_AreNamedByATest()
    {
        string[] files = Repository.Files("tests", "*.cs");
        string[] expected =
        [
            .. Enumerable.Range(1, EdgeCases).Select(number => $"edge case {number}"),
            .. Enumerable.Range(26, 21).Select(number => $"V{number}"),
            .. Enumerable.Range(1, CallingCases).Select(number => $"A{number}"),
            .. Figures,
        ];
        HashSet<string> inTests = [.. files.Where(file => !IsOfARun(file)).SelectMany(file => FindDescriptions(File.ReadAllText(file))).SelectMany(FindNumbers)];
        HashSet<string> inRuns = [.. files.Where(IsOfARun).SelectMany(file => FindNumbers(File.ReadAllText(file))).Intersect(FiguresOfRuns)];

        string page = File.ReadAllText(Repository.PathOf("docs/cases.md"));
        HashSet<string> explained = [.. Row().Matches(page).Select(match => match.Groups["label"].Value)];

        Assert.That(explained, Has.Count.GreaterThan(200));
        Assert.That(expected.Concat(inTests).Distinct().Where(number => !explained.Contains(number) && number != CodeChallengeMethod), Is.Empty, "docs/cases.md");
        Assert.That(inTests, Has.Count.GreaterThan(100));
        Assert.That(inRuns, Is.Not.Empty);
        Assert.That(expected.Where(number => !inTests.Contains(number) && !inRuns.Contains(number)), Is.Empty);
    }

    [TestCase("[Test(Description = \"Edge case 7: two\")]", "edge case 7")]
    [TestCase("[Description(\"S1; edge cases 60, 61 and 64, V37\")]", "S1", "edge case 60", "edge case 61", "edge case 64", "V37")]
    [TestCase("[TestCase(1, Description = \"Edge cases 3 to 5\")]", "edge case 3", "edge case 4", "edge case 5")]
    [TestCase("row.SetDescription(\"R14, V39 warm\")", "R14", "V39")]
    [TestCase("Row(22, x),\nOther(40, x),\nRow(y ? 10 : 11, $\"{1}\"),\nTestCaseData Row(int number, string x) => new(x).SetDescription($\"Edge case {number}\")", "edge case 22", "edge case 10", "edge case 11")]
    [TestCase("Case(22, body)\n// Edge case 23\nAssert.That(1, \"Edge case 24\")")]
    [TestCase("[Test(Description = \"CVE-2026-55375, RFC 7515 section 4, 100 keys\")]")]
    public void Numbers_InCode_AreFound(string code, params string[] expected) =>
        Assert.That(FindDescriptions(code).SelectMany(FindNumbers), Is.EquivalentTo(expected));

    private static bool IsOfARun(string file) => Runs.Contains(Repository.Relative(file).Split('/')[1], StringComparer.Ordinal);

    private static IEnumerable<string> FindDescriptions(string code) =>
        Description().Matches(code).Select(match => match.Groups["text"].Value).Concat(FindRows(code));

    /// <summary>A table of cases has a method that makes a row of it, and puts the row's first argument into the description.</summary>
    private static IEnumerable<string> FindRows(string code)
    {
        if (!code.Contains("$\"Edge case {number}\"", StringComparison.Ordinal))
        {
            return [];
        }

        HashSet<string> makers = [.. Maker().Matches(code).Select(match => match.Groups["name"].Value)];
        return Call().Matches(code)
            .Where(call => makers.Contains(call.Groups["name"].Value))
            .SelectMany(call => Number().Matches(call.Groups["first"].Value))
            .Select(number => $"Edge case {number.Value}");
    }

    private static IEnumerable<string> FindNumbers(string text) =>
        EdgeCase().Matches(text).SelectMany(match => Expand(match.Groups["list"].Value)).Select(number => $"edge case {number}")
            .Concat(Label().Matches(text).Select(match => match.Value));

    private static IEnumerable<int> Expand(string list)
    {
        foreach (Match match in Range().Matches(list))
        {
            int first = int.Parse(match.Groups["first"].Value, CultureInfo.InvariantCulture);
            int last = match.Groups["last"].Success ? int.Parse(match.Groups["last"].Value, CultureInfo.InvariantCulture) : first;
            foreach (int number in Enumerable.Range(first, last - first + 1))
            {
                yield return number;
            }
        }
    }

    [GeneratedRegex("""\bDescription(\(| = )\$?"(?<text>[^"]*)"|\bSetDescription\(\$?"(?<text>[^"]*)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Description();

    [GeneratedRegex(@"\bTestCaseData (?<name>\w+)\(int number\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Maker();

    [GeneratedRegex(@"\b(?<name>\w+)\((?<first>[^,()]*),", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Call();

    [GeneratedRegex(@"\b[1-9]\d*\b", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Number();

    [GeneratedRegex(@"\b[Ee]dge cases? (?<list>\d+(( to |, | and )\d+)*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex EdgeCase();

    [GeneratedRegex(@"(?<first>\d+)( to (?<last>\d+))?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Range();

    [GeneratedRegex(@"^\| (?<label>(edge case |sample )?[A-Z]?\d+\w?) \|", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Row();

    [GeneratedRegex(@"\b[AVSR]\d+\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Label();
}
