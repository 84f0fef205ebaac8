using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Spid.Benchmarks.StartUp;
using Spid.Benchmarks.Suites;

namespace Spid.Benchmarks.Report;

/// <summary>Measures everything and writes the figures and charts of <c>docs/performance.md</c>.</summary>
internal static class Reporter
{
    public static async Task RunAsync(string folder)
    {
        var page = new Page(Path.Combine(folder, "performance.md"));
        var charts = new Charts(Directory.CreateDirectory(Path.Combine(folder, "performance")).FullName);

        page.Fill("surroundings", Surroundings.Describe().ToString());
        page.Fill("hit", SuiteTables.Hit(Measure<PipelineBenchmarks>(), charts).ToString());
        page.Fill("keys", SuiteTables.Keys([.. Measure<KeysBenchmarks>(), .. Measure<MsalKeysBenchmarks>()]).ToString());
        page.Fill("threads", SuiteTables.Threads(Measure<ThreadsBenchmarks>()).ToString());
        page.Fill("cold", SuiteTables.Cold(Measure<ColdFetchBenchmarks>(), charts).ToString());
        page.Fill("verification", SuiteTables.Verification(Measure<VerificationBenchmarks>(), charts).ToString());
        page.Fill("hour", (await CountTables.HourAsync(charts)).ToString());
        page.Fill("bursts", (await CountTables.BurstsAsync()).ToString());
        page.Fill("start-up", StartUpTable.Create(charts).ToString());
        page.Save();
    }

    private static Measured[] Measure<TSuite>()
    {
        Summary summary = BenchmarkRunner.Run<TSuite>(SuiteConfig.Create());
        return Measured.From(summary);
    }
}
