using System.Runtime.InteropServices;

namespace Spid.Gate.Coverage;

/// <summary>How much of an assembly ran in at least one test project.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Share(int CoveredLines, int Lines, int CoveredBranches, int Branches)
{
    public double LinePercent => Percent(CoveredLines, Lines);

    public double BranchPercent => Percent(CoveredBranches, Branches);

    private static double Percent(int covered, int all) => all == 0 ? 100 : 100.0 * covered / all;
}
