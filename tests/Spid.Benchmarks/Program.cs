using BenchmarkDotNet.Running;
using Spid.Benchmarks.Check;
using Spid.Benchmarks.Suites;

if (args.Contains("--check"))
{
    return Gate.Run();
}

_ = BenchmarkSwitcher.FromAssembly(typeof(HandlerBenchmarks).Assembly).Run(args);
return 0;
