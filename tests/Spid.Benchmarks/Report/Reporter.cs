using BenchmarkDotNet.Running;
using Spid.Benchmarks.StartUp;
using Spid.Benchmarks.Suites;

namespace Spid.Benchmarks.Report;

/// <summary>Measures and writes the figures and charts of <c>docs/performance.md</c>.</summary>
internal sealed class Reporter(string folder)
{
    private readonly Page _page = new(Path.Combine(folder, "performance.md"));
    private readonly Charts _charts = new(Directory.CreateDirectory(Path.Combine(folder, "performance")).FullName);

    /// <summary>Writes the parts that are named, or all.</summary>
    public async Task RunAsync(IReadOnlyCollection<string> names)
    {
        (string Name, Func<Task<Table>> Measure)[] parts =
        [
            ("surroundings", () => Task.FromResult(Surroundings.Describe())),
            ("hit", () => Task.FromResult(SuiteTables.Hit(Measure<PipelineBenchmarks>(), _charts))),
            ("keys", () => Task.FromResult(SuiteTables.Keys([.. Measure<KeysBenchmarks>(), .. Measure<MsalKeysBenchmarks>()], _charts))),
            ("threads", () => Task.FromResult(SuiteTables.Threads(Measure<ThreadsBenchmarks>()))),
            ("cold", () => Task.FromResult(SuiteTables.Cold(Measure<ColdFetchBenchmarks>(), _charts))),
            ("verification", () => Task.FromResult(SuiteTables.Verification(Measure<VerificationBenchmarks>(), _charts))),
            ("hour", () => CountTables.HourAsync(_charts)),
            ("bursts", CountTables.BurstsAsync),
            ("start-up", () => Task.FromResult(StartUpTable.Create(_charts))),
        ];
        foreach ((string name, Func<Task<Table>> measure) in parts.Where(part => names.Count == 0 || names.Contains(part.Name, StringComparer.Ordinal)))
        {
            Table table = await measure();
            _page.Fill(name, table.ToString());
        }
    }

    private static Measured[] Measure<TSuite>() => Measured.From(BenchmarkRunner.Run<TSuite>(SuiteConfig.Create()));
}
