namespace Spid.Seeds.Detectors;

/// <summary>Reads what Spid.Schedules prints.</summary>
internal static class ScheduleReport
{
    /// <summary>Finds the line that tells of a bug: <c>NAME: found after K schedules: message</c>.</summary>
    public static string? FindBug(string output) => output
        .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .FirstOrDefault(line => line.Contains(": found after ", StringComparison.Ordinal));
}
