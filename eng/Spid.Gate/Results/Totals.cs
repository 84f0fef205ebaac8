using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace Spid.Gate.Results;

/// <summary>How many tests ended how.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Totals(int Passed, int Failed, int Skipped)
{
    public static Totals operator +(Totals left, Totals right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);

    /// <summary>Counts the results themselves: the counters of a report leave skipped tests out.</summary>
    public static Totals Read(XDocument report)
    {
        string[] outcomes =
        [
            .. report.Descendants()
                .Where(element => element.Name.LocalName == "UnitTestResult")
                .Select(element => (string?)element.Attribute("outcome") ?? ""),
        ];
        int passed = outcomes.Count(outcome => outcome == "Passed");
        int skipped = outcomes.Count(outcome => outcome is "NotExecuted" or "Inconclusive");
        return new Totals(passed, outcomes.Length - passed - skipped, skipped);
    }

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
