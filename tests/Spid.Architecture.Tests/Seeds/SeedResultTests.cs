using Spid.Seeds.Catalog;
using Spid.Seeds.Running;

namespace Spid.Architecture.Tests.Seeds;

internal sealed class SeedResultTests
{
    [TestCase(2, 0, 0, "2 found, 0 missed")]
    [TestCase(1, 1, 0, "1 found, 1 missed")]
    [TestCase(0, 0, 3, "0 found, 0 missed, 3 out of date")]
    public void Summarize_Results_CountsFoundAndMissedAlwaysAndTheRestWhenItOccurs(int found, int missed, int outOfDate, string expected)
    {
        SeedResult[] results = [.. Repeat(SeedOutcome.Found, found), .. Repeat(SeedOutcome.Missed, missed), .. Repeat(SeedOutcome.OutOfDate, outOfDate)];

        Assert.That(SeedResult.Summarize(results), Is.EqualTo(expected));
    }

    [Test]
    public void ToString_Found_NamesSeedTimeAndTest()
    {
        var result = new SeedResult(new Seed("a/b", "Breaks.") { Edits = [], Detectors = [] }, SeedOutcome.Found, "CacheTests.Get", TimeSpan.FromSeconds(1.5));

        Assert.That(result.ToString(), Does.StartWith("found ").And.Contains(" a/b ").And.Contains("1.5 s").And.EndsWith("CacheTests.Get"));
    }

    private static IEnumerable<SeedResult> Repeat(SeedOutcome outcome, int count) =>
        Enumerable.Range(0, count).Select(_ => new SeedResult(new Seed("a/b", "Breaks.") { Edits = [], Detectors = [] }, outcome, "", TimeSpan.Zero));
}
