using System.Globalization;

namespace Spid.Gate.Coverage;

/// <summary>Prints the coverage of each source folder over all test projects and fails below the floors.</summary>
internal static class CoverageCommand
{
    private const double LineFloor = 95;
    private const double BranchFloor = 90;

    public static int Run(string results, string source)
    {
        string[] reports = Directory.GetFiles(results, "*.cobertura.xml", SearchOption.AllDirectories);
        var coverage = new MergedCoverage();
        foreach (string report in reports)
        {
            coverage.Add(report);
        }

        bool holds = reports.Length > 0;
        foreach (string folder in Directory.GetDirectories(source).Select(Path.GetFileName).Order()!)
        {
            holds &= Print(folder, coverage.Of(folder));
        }

        Console.WriteLine($"{reports.Length} reports merged; floors: lines {LineFloor} %, branches {BranchFloor} %");
        return holds ? 0 : 1;
    }

    /// <summary>A project whose code no test has loaded has no lines in any report, and has no coverage either.</summary>
    private static bool Print(string folder, Share share)
    {
        bool isEmpty = share.Lines == 0 && share.Branches == 0;
        bool holds = !isEmpty && share.LinePercent >= LineFloor && share.BranchPercent >= BranchFloor;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{folder,-24} lines {share.LinePercent,6:0.00} % ({share.CoveredLines}/{share.Lines})   branches {share.BranchPercent,6:0.00} % ({share.CoveredBranches}/{share.Branches})   {(holds ? "ok" : "short")}"));
        return holds;
    }
}
