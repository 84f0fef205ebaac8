using BenchmarkDotNet.Running;
using Spid.Benchmarks.Check;
using Spid.Benchmarks.Subjects;
using Spid.Benchmarks.Suites;

if (args.Contains("--check"))
{
    return Gate.Run();
}

if (args is ["--serve", var url])
{
    await LoadServer.RunAsync(url);
    return 0;
}

_ = BenchmarkSwitcher.FromAssembly(typeof(HandlerBenchmarks).Assembly).Run(args);
return 0;
