using Spid.Seeds.Catalog;

namespace Spid.Architecture.Tests.Seeds;

internal sealed class SeedTests
{
    private readonly Dictionary<string, string> _sources = new() { ["a.cs"] = "one two", ["b.cs"] = "three" };

    [Test]
    public void Apply_SeveralEdits_EachSeesWhatTheOneBeforeLeft()
    {
        Seed seed = Create(new Edit("a.cs", "one", "1"), new Edit("a.cs", "1 two", "1 2"), new Edit("b.cs", "three", "3"));

        IReadOnlyDictionary<string, string>? files = seed.Apply(_sources.GetValueOrDefault, out string? fault);

        Assert.That(fault, Is.Null);
        Assert.That(files, Is.EquivalentTo(new Dictionary<string, string> { ["a.cs"] = "1 2", ["b.cs"] = "3" }));
    }

    [Test]
    public void Apply_SecondEditDoesNotApply_GivesNoFilesAndNamesTheFile()
    {
        Seed seed = Create(new Edit("a.cs", "one", "1"), new Edit("b.cs", "four", "4"));

        Assert.That(seed.Apply(_sources.GetValueOrDefault, out string? fault), Is.Null);
        Assert.That(fault, Is.EqualTo("the original text is not found exactly once in b.cs"));
    }

    [Test]
    public void Apply_FileIsGone_SaysSo()
    {
        Assert.That(Create(new Edit("c.cs", "one", "1")).Apply(_sources.GetValueOrDefault, out string? fault), Is.Null);
        Assert.That(fault, Is.EqualTo("c.cs does not exist"));
    }

    private static Seed Create(params Edit[] edits) => new("a/b", "Breaks.") { Edits = edits, Detectors = [] };
}
