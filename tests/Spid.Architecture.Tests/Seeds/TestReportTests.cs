using Spid.Seeds.Detectors;

namespace Spid.Architecture.Tests.Seeds;

internal sealed class TestReportTests
{
    private const string Output =
        """
        Starting test execution, please wait...
          Passed Some.Tokens.CacheTests.Get_Cold_Fetches [12 ms]
          Failed Some.Tokens.CacheTests.Get_Warm_Fetches("a b",1.5) [1 m 2 s]
          Error Message:
             Passed by mistake
          Skipped Some.Tokens.CacheTests.Get_Never_Runs
          Passed Some.Tokens.CacheTests.Get_Hot_Fetches [< 1 ms]
          Failed Some.Tokens.CacheTests.Get_Hanging_Ends [1 m]
        Failed!  - Failed:     1, Passed:     2, Skipped:     1, Total:     4, Duration: 1 s
        """;

    [TestCase("\n")]
    [TestCase("\r\n")]
    public void Read_EachOutcome_IsToldApartByFullName(string lineEnd)
    {
        TestReport report = TestReport.Read(Output.Replace("\n", lineEnd, StringComparison.Ordinal));

        Assert.That(report.Passed, Is.EqualTo(new[] { "Some.Tokens.CacheTests.Get_Cold_Fetches", "Some.Tokens.CacheTests.Get_Hot_Fetches" }));
        Assert.That(report.Failed, Is.EqualTo(new[] { "Some.Tokens.CacheTests.Get_Warm_Fetches(\"a b\",1.5)", "Some.Tokens.CacheTests.Get_Hanging_Ends" }));
    }

    [TestCase("")]
    [TestCase("  Failed to start")]
    [TestCase("Failed!  - Failed:     1, Passed:     2, Skipped:     0, Total:     3, Duration: 1 s")]
    public void Read_NoLineOfATest_HasNeither(string output)
    {
        TestReport report = TestReport.Read(output);

        Assert.That(report.Passed.Concat(report.Failed), Is.Empty);
    }

    [TestCase("Some.Tokens.CacheTests.Get_Cold_Fetches", "CacheTests.Get_Cold_Fetches")]
    [TestCase("Some.Tokens.CacheTests.Get_Warm_Fetches(\"a.b\",1.5)", "CacheTests.Get_Warm_Fetches(\"a.b\",1.5)")]
    [TestCase("CacheTests.Get", "CacheTests.Get")]
    [TestCase("the test host ended early", "the test host ended early")]
    public void ShortNameOf_FullName_LeavesTheNamespaceOut(string fullName, string expected) =>
        Assert.That(TestReport.ShortNameOf(fullName), Is.EqualTo(expected));
}
