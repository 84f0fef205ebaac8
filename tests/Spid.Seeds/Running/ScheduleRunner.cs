using System.Globalization;
using Spid.Seeds.Copies;
using Spid.Seeds.Detectors;

namespace Spid.Seeds.Running;

/// <summary>Runs a scenario of Spid.Schedules that has been built in a copy.</summary>
internal static class ScheduleRunner
{
    public static async Task<Detection> DetectAsync(WorkingCopy copy, ScheduleDetector detector)
    {
        Command command = copy.Run(
            "artifacts/bin/Spid.Schedules/release/Spid.Schedules.dll",
            "--scenario",
            detector.Scenario,
            "--schedules",
            detector.Schedules.ToString(CultureInfo.InvariantCulture));
        CommandResult result = await command.RunAsync();
        return (result.ExitCode, ScheduleReport.FindBug(result.Output)) switch
        {
            (0, _) => Detection.Nothing,
            (null, _) => Detection.Found($"{detector} (did not end within {command.Timeout.TotalMinutes} minutes)"),
            (_, { } bug) => Detection.Found(bug),
            _ => Detection.Impossible($"{detector} could not run: {result.Output.Trim()}"),
        };
    }
}
