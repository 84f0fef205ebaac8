using Microsoft.Coyote;
using Microsoft.Coyote.Logging;
using Microsoft.Coyote.SystematicTesting;

namespace Spid.Schedules.Running;

/// <summary>Explores scenarios in this process, which must be a rewritten one, and prints a line for each.</summary>
internal static class Explorer
{
    private const uint NoLimit = 10_000_000;

    /// <summary>Gives 0 when no schedule broke a guarantee.</summary>
    public static int Run(ScheduleArguments arguments, IReadOnlyList<Scenario> scenarios)
    {
        int seconds = arguments.Seconds > 0 ? Math.Max(1, arguments.Seconds / scenarios.Count) : 0;
        bool[] held = [.. scenarios.Select(scenario => Explore(scenario, arguments, seconds))];
        return Array.TrueForAll(held, value => value) ? 0 : 1;
    }

    private static bool Explore(Scenario scenario, ScheduleArguments arguments, int seconds)
    {
        long startedAt = Environment.TickCount64;
        using var engine = TestingEngine.Create(Configure(arguments, scenario, seconds), scenario.Run);
        engine.SetLogger(new TextWriterLogger(TextWriter.Null, VerbosityLevel.None));
        engine.Run();

        TestReport report = engine.TestReport;
        string time = $"{(Environment.TickCount64 - startedAt) / 1000.0:F1} s";
        int explored = report.NumOfExploredFairPaths + report.NumOfExploredUnfairPaths;
        if (report.NumOfFoundBugs == 0)
        {
            Console.WriteLine($"{scenario.Name}: held in {explored} schedules, {time}");
            return true;
        }

        string trace = Path.Combine(AppContext.BaseDirectory, $"{scenario.Name.Replace('/', '-')}.trace");
        File.WriteAllText(trace, engine.ReproducibleTrace);
        Console.WriteLine(
            $"""
            {scenario.Name}: found after {explored} schedules, {time}: {report.BugReports.First()}
              guarantee: {scenario.Guarantee}
              again:     dotnet run -c Release --project tests/Spid.Schedules -- --scenario {scenario.Name} --replay {trace}
            """);
        return false;
    }

    private static Configuration Configure(ScheduleArguments arguments, Scenario scenario, int seconds)
    {
        Configuration configuration = Configuration.Create()
            .WithTelemetryEnabled(false)
            .WithMemoryAccessRaceCheckingEnabled(scenario.SeesFields)

            // Real deadlocks are seen at once; this is for a schedule that a busy machine leaves without a processor.
            .WithDeadlockTimeout(60_000)
            .WithRandomGeneratorSeed(arguments.Seed);
        if (arguments.Replay is { } file)
        {
            return configuration.WithReproducibleTrace(File.ReadAllText(file));
        }

        return seconds > 0
            ? configuration.WithTestingIterations(NoLimit).WithTestingTimeout(seconds)
            : configuration.WithTestingIterations(arguments.Schedules);
    }
}
