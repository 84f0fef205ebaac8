namespace Spid.Seeds.Detectors;

/// <summary>What should notice a fault.</summary>
internal abstract record Detector
{
    private const int DefaultSchedules = 500;

    /// <summary>Gets the folder of the project that runs, from the root of the repository.</summary>
    public abstract string Project { get; }

    /// <summary>Tests of a project whose full names contain one of <paramref name="names"/>.</summary>
    public static Detector Tests(string project, params string[] names) => new TestDetector(project, names);

    /// <summary>Systematic schedules of a scenario of Spid.Schedules.</summary>
    public static Detector Schedule(string scenario, int schedules = DefaultSchedules) => new ScheduleDetector(scenario, schedules);
}
