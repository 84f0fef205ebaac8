using BenchmarkDotNet.Reports;

namespace Spid.Benchmarks.Report;

/// <summary>What BenchmarkDotNet found of one benchmark: the median time and the bytes of one operation.</summary>
/// <param name="Name">The method.</param>
/// <param name="Parameter">The value of the suite's one parameter, or nothing.</param>
/// <param name="Nanoseconds">The median.</param>
/// <param name="Bytes">Allocated on all threads.</param>
internal sealed record Measured(string Name, string Parameter, double Nanoseconds, double Bytes)
{
    public static Measured[] From(Summary summary) => [.. summary.Reports.Select(From)];

    private static Measured From(BenchmarkReport report) => report.ResultStatistics is { } statistics
        ? new Measured(
            report.BenchmarkCase.Descriptor.WorkloadMethod.Name,
            report.BenchmarkCase.Parameters.Count == 0 ? "" : report.BenchmarkCase.Parameters[0].Value?.ToString() ?? "",
            statistics.Median,
            report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0)
        : throw new InvalidOperationException($"{report.BenchmarkCase.DisplayInfo} could not be measured.");
}
