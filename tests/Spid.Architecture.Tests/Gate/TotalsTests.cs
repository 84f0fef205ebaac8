using System.Xml.Linq;
using Spid.Gate.Results;

namespace Spid.Architecture.Tests.Gate;

/// <summary>The last line of the gate.</summary>
internal sealed class TotalsTests
{
    [Test]
    public void Read_EachOutcome_IsCountedOnce()
    {
        string results = string.Concat(
            new[] { "Passed", "Passed", "Passed", "Failed", "Error", "NotExecuted" }.Select(outcome => $"<UnitTestResult outcome=\"{outcome}\"/>"));

        Totals totals = Totals.Read(XDocument.Parse($"<TestRun><Results>{results}</Results></TestRun>"));

        Assert.That(totals.ToString(), Is.EqualTo("3 passed, 2 failed, 1 skipped"));
    }

    [Test]
    public void Add_TwoProjects_SumsEachNumber()
    {
        Totals totals = new Totals(1, 2, 3) + new Totals(10, 20, 30);

        Assert.That(totals, Is.EqualTo(new Totals(11, 22, 33)));
    }
}
