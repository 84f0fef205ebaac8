namespace Spid.Seeds.Detectors;

/// <summary>Systematic schedules of one scenario.</summary>
/// <param name="Scenario">The name of the scenario.</param>
/// <param name="Schedules">How many schedules are tried.</param>
internal sealed record ScheduleDetector(string Scenario, int Schedules) : Detector
{
    public const string Folder = "tests/Spid.Schedules";

    public override string Project => Folder;

    public override string ToString() => $"schedule {Scenario}";
}
