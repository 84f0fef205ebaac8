using System.Diagnostics;
using Spid.Seeds.Catalog;
using Spid.Seeds.Copies;
using Spid.Seeds.Detectors;

namespace Spid.Seeds.Running;

/// <summary>Puts seeds into a copy, one at a time, and takes each out again.</summary>
internal sealed class SeedBed(WorkingCopy copy, TimeProvider timeProvider)
{
    public async Task<SeedResult> TryAsync(Seed seed)
    {
        long startedAt = timeProvider.GetTimestamp();
        Detection detection = await DetectAsync(seed);
        return new SeedResult(seed, detection.Outcome, detection.Explanation, timeProvider.GetElapsedTime(startedAt));
    }

    private async Task<Detection> DetectAsync(Seed seed)
    {
        if (seed.Apply(copy.Read, out string? fault) is not { } files)
        {
            return new Detection(SeedOutcome.OutOfDate, fault!);
        }

        try
        {
            foreach ((string file, string text) in files)
            {
                copy.Write(file, text);
            }

            return await AskDetectorsAsync(seed.Detectors);
        }
        finally
        {
            foreach (string file in files.Keys)
            {
                copy.Restore(file);
            }
        }
    }

    private async Task<Detection> AskDetectorsAsync(IReadOnlyList<Detector> detectors)
    {
        Detection last = Detection.Nothing;
        foreach (Detector detector in detectors)
        {
            Detection detection = await AskAsync(detector);
            if (detection.Outcome is SeedOutcome.Found or SeedOutcome.NotCompiling)
            {
                return detection;
            }

            last = detection.Outcome == SeedOutcome.NotTested ? detection : last;
        }

        return last;
    }

    private async Task<Detection> AskAsync(Detector detector)
    {
        if (!copy.Has(detector.Project))
        {
            return Detection.Impossible($"{detector}: there is no {detector.Project}");
        }

        CommandResult build = await copy.BuildAsync(detector.Project);
        if (build.ExitCode != 0)
        {
            return new Detection(SeedOutcome.NotCompiling, build.Output.Trim());
        }

        return detector switch
        {
            TestDetector tests => await TestRunner.DetectAsync(copy, tests),
            ScheduleDetector schedule => await ScheduleRunner.DetectAsync(copy, schedule),
            _ => throw new UnreachableException(),
        };
    }
}
