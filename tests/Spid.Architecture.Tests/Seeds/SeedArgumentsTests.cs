using Spid.Seeds;
using Spid.Seeds.Catalog;

namespace Spid.Architecture.Tests.Seeds;

internal sealed class SeedArgumentsTests
{
    private static readonly Seed Seed = new("token/start-lock", "Breaks.") { Edits = [], Detectors = [] };

    [TestCase(true)]
    [TestCase(true, "--only", "token/")]
    [TestCase(true, "--only", "cache/pin", "start-lock", "--jobs", "2")]
    [TestCase(false, "--only", "cache/pin")]
    public void Chooses_Seed_DependsOnAnyOfTheTexts(bool expected, params string[] arguments) =>
        Assert.That(SeedArguments.Parse(arguments).Chooses(Seed), Is.EqualTo(expected));

    [Test]
    public void Parse_ListAndJobs_AreRead()
    {
        SeedArguments arguments = SeedArguments.Parse(["--list", "--jobs", "3"]);

        Assert.That(arguments.List, Is.True);
        Assert.That(arguments.Jobs, Is.EqualTo(3));
    }

    [TestCase("--jobs")]
    [TestCase("--jobs", "0")]
    [TestCase("--only")]
    [TestCase("--only", "--list")]
    [TestCase("token/start-lock")]
    public void Parse_OptionUnknownOrWithoutValue_Throws(params string[] arguments) =>
        Assert.That(() => SeedArguments.Parse(arguments), Throws.TypeOf<FormatException>());
}
