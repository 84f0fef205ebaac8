using Spid.Seeds.Copies;
using Spid.Seeds.Detectors;

namespace Spid.Seeds.Running;

/// <summary>Runs tests of a project that has been built in a copy.</summary>
internal static class TestRunner
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>Runs tests by parts of their names until the first one fails. A run that hangs or ends early counts as a failure of its own.</summary>
    public static async Task<TestReport> RunAsync(WorkingCopy copy, string assembly, IEnumerable<string> names)
    {
        Command tests = copy.Run(
            "test",
            $"artifacts/bin/{assembly}/release/{assembly}.dll",
            "--filter",
            TestDetector.FilterOf(names),
            "--logger",
            "console;verbosity=normal",
            "--",
            "NUnit.DisplayName=FullName",
            // A fault that makes tests hang holds up as many workers.
            "NUnit.NumberOfTestWorkers=8");
        CommandResult result = await (tests with { Timeout = Timeout, IsEnough = line => TestReport.Read(line).Failed.Count > 0 }).RunAsync();
        TestReport report = TestReport.Read(result.Output);
        return (result.ExitCode, report.Failed.Count) switch
        {
            (_, > 0) or (0, _) => report,
            (null, _) => report with { Failed = [$"the tests did not end within {Timeout.TotalMinutes} minutes"] },
            _ => report with { Failed = ["the test host ended early"] },
        };
    }

    public static async Task<Detection> DetectAsync(WorkingCopy copy, TestDetector detector)
    {
        TestReport report = await RunAsync(copy, detector.Assembly, detector.Names);
        return report.Failed.Count == 0 ? Detection.Nothing : Detection.Found(TestReport.ShortNameOf(report.Failed[0]));
    }
}
