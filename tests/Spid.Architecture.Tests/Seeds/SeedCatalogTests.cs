using Spid.Architecture.Tests.Shared;
using Spid.Seeds.Catalog;
using Spid.Seeds.Detectors;

namespace Spid.Architecture.Tests.Seeds;

/// <summary>The seeds run at night; that they still fit the sources and the tests is seen at once.</summary>
internal sealed class SeedCatalogTests
{
    private static IEnumerable<string> Names => SeedCatalog.All.Select(seed => seed.Name);

    [TestCaseSource(nameof(Names))]
    public void Seed_OfTheCatalog_AppliesToTheSources(string name)
    {
        Seed seed = SeedCatalog.All.Single(seed => seed.Name == name);

        IReadOnlyDictionary<string, string>? files = seed.Apply(Read, out string? fault);

        Assert.That(fault, Is.Null);
        Assert.That(files, Is.Not.Null.And.Not.Empty);
        Assert.That(files!.Keys, Has.All.StartsWith("src/"));
        Assert.That(files.Where(file => file.Value == Read(file.Key)), Is.Empty);
    }

    [Test]
    public void Names_OfSeeds_AreUniqueAndLowerCase()
    {
        Assert.That(Names.Count(), Is.GreaterThanOrEqualTo(24));
        Assert.That(Names, Is.Unique.And.All.Match("^[a-z]+/[a-z]+(-[a-z]+)*$"));
    }

    [Test]
    public void Detectors_OfSeeds_AreThereAndNameFixturesThatExist()
    {
        TestDetector[] tests = [.. SeedCatalog.All.SelectMany(seed => seed.Detectors).OfType<TestDetector>()];
        string[] unknown = [.. tests.SelectMany(FindUnknown).Distinct()];

        Assert.That(SeedCatalog.All.Where(seed => seed.Detectors.Count == 0).Select(seed => seed.Name), Is.Empty);
        Assert.That(tests, Is.Not.Empty);
        Assert.That(unknown, Is.Empty);
    }

    private static string? Read(string file) => File.Exists(Repository.PathOf(file)) ? File.ReadAllText(Repository.PathOf(file)) : null;

    private static IEnumerable<string> FindUnknown(TestDetector detector)
    {
        string[] files = Repository.Files(detector.Project, "*.cs");
        return detector.Names
            .Where(name => !files.Any(file => Path.GetFileName(file).StartsWith(name.Split('.')[^1], StringComparison.Ordinal)))
            .Select(name => $"{detector.Assembly} has no fixture {name}");
    }
}
