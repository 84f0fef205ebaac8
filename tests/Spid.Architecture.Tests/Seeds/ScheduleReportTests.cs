using Spid.Seeds.Detectors;

namespace Spid.Architecture.Tests.Seeds;

internal sealed class ScheduleReportTests
{
    [TestCase("token/get-get: no bug in 500 schedules\n", null)]
    [TestCase("Starting\ntoken/get-get: found after 6 schedules: two fetches\nEnd\n", "token/get-get: found after 6 schedules: two fetches")]
    [TestCase("", null)]
    public void FindBug_Output_GivesTheLineOfTheFirstBug(string output, string? expected) =>
        Assert.That(ScheduleReport.FindBug(output), Is.EqualTo(expected));
}
