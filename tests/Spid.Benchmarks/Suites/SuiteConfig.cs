using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Spid.Benchmarks.Suites;

/// <summary>
/// How the suites run: long enough for a steady median, and in this process. BenchmarkDotNet's own projects would be built and restored
/// outside of this folder, with other package versions, and call sites that have seen every library favour none of them.
/// </summary>
internal static class SuiteConfig
{
    public static IConfig Create() => DefaultConfig.Instance
        .WithArtifactsPath("artifacts/benchmarks")
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(8)
            .WithIterationCount(15)
            .WithIterationTime(TimeInterval.FromMilliseconds(100))
            .AsDefault());
}
