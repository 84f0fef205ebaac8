using Spid.Seeds.Catalog;
using Spid.Seeds.Copies;
using Spid.Seeds.Detectors;

namespace Spid.Seeds.Running;

/// <summary>Runs the detectors on sources without a fault: one that fails there proves nothing, and neither does one that has no test.</summary>
internal static class Baseline
{
    /// <summary>Gives what is wrong with the detectors.</summary>
    public static async Task<IReadOnlyList<string>> FindFaultsAsync(WorkingCopy copy, IReadOnlyCollection<Seed> seeds)
    {
        var faults = new List<string>();
        foreach (IGrouping<string, Detector> project in seeds.SelectMany(seed => seed.Detectors).Where(detector => copy.Has(detector.Project)).GroupBy(detector => detector.Project, StringComparer.Ordinal))
        {
            CommandResult build = await copy.BuildAsync(project.Key);
            if (build.ExitCode == 0)
            {
                faults.AddRange(await FindTestFaultsAsync(copy, [.. project.OfType<TestDetector>()]));
                faults.AddRange(await FindScheduleFaultsAsync(copy, project.OfType<ScheduleDetector>().Distinct()));
            }
            else
            {
                faults.Add($"{project.Key} cannot be built:\n{build.Output}");
            }
        }

        return faults;
    }

    private static async Task<IReadOnlyList<string>> FindTestFaultsAsync(WorkingCopy copy, TestDetector[] detectors)
    {
        if (detectors.Length == 0)
        {
            return [];
        }

        string[] names = [.. detectors.SelectMany(detector => detector.Names).Distinct(StringComparer.Ordinal)];
        TestReport report = await TestRunner.RunAsync(copy, detectors[0].Assembly, names);
        return
        [
            .. report.Failed.Select(test => $"{detectors[0].Assembly} fails without a seed: {test}."),
            .. names.Where(name => !report.Passed.Any(test => test.Contains(name, StringComparison.Ordinal))).Select(name => $"No test of {detectors[0].Assembly} passes that is named {name}."),
        ];
    }

    private static async Task<IReadOnlyList<string>> FindScheduleFaultsAsync(WorkingCopy copy, IEnumerable<ScheduleDetector> detectors)
    {
        var faults = new List<string>();
        foreach (ScheduleDetector detector in detectors)
        {
            Detection detection = await ScheduleRunner.DetectAsync(copy, detector);
            if (detection.Outcome == SeedOutcome.Found)
            {
                faults.Add($"{detector} fails without a seed: {detection.Explanation}");
            }
        }

        return faults;
    }
}
