using System.Diagnostics;

namespace Spid.Schedules.Running;

/// <summary>Shares the scenarios among processes: Coyote explores one schedule at a time in each.</summary>
internal static class Workers
{
    /// <summary>Runs them all and gives 0 when every process did.</summary>
    public static int Run(RewrittenBuild build, ScheduleArguments arguments, IReadOnlyList<Scenario> scenarios)
    {
        int jobs = Math.Min(arguments.Jobs, scenarios.Count);
        Process[] processes = [.. Enumerable.Range(0, jobs).Select(job => Start(build, arguments, [.. scenarios.Where((_, index) => index % jobs == job)]))];
        int[] codes = [.. processes.Select(Wait)];
        return codes.All(code => code == 0) ? 0 : 1;
    }

    private static Process Start(RewrittenBuild build, ScheduleArguments arguments, Scenario[] scenarios) => Process.Start(
        new ProcessStartInfo("dotnet", [build.Program, .. arguments.ForWorker(scenarios.Select(scenario => scenario.Name), arguments.Seconds)]))!;

    private static int Wait(Process process)
    {
        using (process)
        {
            process.WaitForExit();
            return process.ExitCode;
        }
    }
}
