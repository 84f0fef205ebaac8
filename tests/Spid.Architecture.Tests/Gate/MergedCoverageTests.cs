using System.Xml.Linq;
using Spid.Gate.Coverage;

namespace Spid.Architecture.Tests.Gate;

/// <summary>The arithmetic behind the coverage floors.</summary>
internal sealed class MergedCoverageTests
{
    [Test]
    public void Of_TwoReportsWithRootsOfTheirOwn_CountsALineThatEitherRan()
    {
        var coverage = new MergedCoverage();
        coverage.Add(Report("B.cs", """<line number="1" hits="1"/><line number="2" hits="0"/><line number="3" hits="0"/>""", root: "/home/one/src/A/"));
        coverage.Add(Report("home/one/src/A/B.cs", """<line number="1" hits="0"/><line number="2" hits="4"/><line number="3" hits="0"/>"""));

        Share share = coverage.Of("A");

        Assert.That(share, Is.EqualTo(new Share(CoveredLines: 2, Lines: 3, CoveredBranches: 0, Branches: 0)));
        Assert.That(share.LinePercent, Is.EqualTo(66.67).Within(0.01));
    }

    [Test]
    public void Of_TwoReports_CountsTheMostBranchesOfOne()
    {
        var coverage = new MergedCoverage();
        coverage.Add(Report("src/A/B.cs", """<line number="1" hits="1" condition-coverage="25% (1/4)"/>"""));
        coverage.Add(Report("src/A/B.cs", """<line number="1" hits="1" condition-coverage="50% (2/4)"/>"""));

        Assert.That(coverage.Of("A"), Is.EqualTo(new Share(CoveredLines: 1, Lines: 1, CoveredBranches: 2, Branches: 4)));
    }

    [Test]
    public void Of_TwoClassesOnOneLine_AddsTheirBranches()
    {
        var coverage = new MergedCoverage();
        string outer = """<line number="1" hits="0" condition-coverage="0% (0/2)"/>""";
        string inner = """<line number="1" hits="1" condition-coverage="50% (1/2)"/>""";
        coverage.Add(Report("src/A/B.cs", $"{outer}</lines></class><class filename=\"src/A/B.cs\"><lines>{inner}"));

        Assert.That(coverage.Of("A"), Is.EqualTo(new Share(CoveredLines: 1, Lines: 1, CoveredBranches: 1, Branches: 4)));
    }

    [Test]
    public void Of_AnotherFolder_HasNothing()
    {
        var coverage = new MergedCoverage();
        coverage.Add(Report("src/A/B.cs", """<line number="1" hits="1"/>"""));

        Assert.That(coverage.Of("B"), Is.EqualTo(default(Share)));
    }

    [Test]
    public void Of_SourceInTwoAssembliesOfOneReport_CountsOnce()
    {
        var coverage = new MergedCoverage();
        string one = """<line number="1" hits="0" condition-coverage="0% (0/2)"/>""";
        string two = """<line number="1" hits="1" condition-coverage="50% (1/2)"/>""";
        coverage.Add(Report("src/A/B.cs", $"{one}</lines></class></classes></package><package name=\"C\"><classes><class filename=\"src/A/B.cs\"><lines>{two}"));

        Assert.That(coverage.Of("A"), Is.EqualTo(new Share(CoveredLines: 1, Lines: 1, CoveredBranches: 1, Branches: 2)));
    }

    private static XDocument Report(string file, string lines, string root = "/") => XDocument.Parse(
        $"<coverage><sources><source>{root}</source></sources><packages><package name=\"A\"><classes><class filename=\"{file}\"><lines>{lines}</lines></class></classes></package></packages></coverage>");
}
