using System.Globalization;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace Spid.Gate.Coverage;

/// <summary>What reports say of one line.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LineCoverage(int Hits, int CoveredBranches, int Branches)
{
    public static LineCoverage Read(XElement line)
    {
        int hits = (int)line.Attribute("hits")!;
        string text = (string?)line.Attribute("condition-coverage") ?? "";
        int open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return new LineCoverage(hits, 0, 0);
        }

        // For example "50% (1/2)".
        string[] parts = text[(open + 1)..].TrimEnd(')').Split('/');
        return new LineCoverage(hits, int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Joins two parts of one line within a report.</summary>
    public LineCoverage Beside(LineCoverage other) =>
        new(Math.Max(Hits, other.Hits), CoveredBranches + other.CoveredBranches, Branches + other.Branches);

    /// <summary>Joins what two reports say of the same line.</summary>
    public LineCoverage Or(LineCoverage other) =>
        new(Math.Max(Hits, other.Hits), Math.Max(CoveredBranches, other.CoveredBranches), Math.Max(Branches, other.Branches));
}
