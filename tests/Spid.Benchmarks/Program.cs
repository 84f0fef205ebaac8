using BenchmarkDotNet.Running;
using Spid.Benchmarks.Check;
using Spid.Benchmarks.Report;
using Spid.Benchmarks.Subjects;
using Spid.Benchmarks.Suites;

switch (args)
{
    case ["--check"]:
        return Gate.Run();

    case ["--figures"]:
        Gate.PrintFigures();
        return 0;

    case ["--report", var folder, .. var parts]:
        await new Reporter(folder).RunAsync(parts);
        return 0;

    case ["--serve", var url]:
        await LoadServer.RunAsync(url);
        return 0;

    default:
        _ = BenchmarkSwitcher.FromAssembly(typeof(SuiteConfig).Assembly).Run(args, SuiteConfig.Create());
        return 0;
}
