using System.IO.Compression;
using Spid.Gate.Packages;

namespace Spid.Architecture.Tests.Gate;

/// <summary>The gate packs and applies these rules; here they meet packages that are wrong.</summary>
internal sealed class PackageRulesTests
{
    private static readonly string[] Contents = ["README.md", "icon.png", "lib/net10.0/A.dll", "lib/net10.0/A.xml"];

    private readonly string _folder = Directory.CreateTempSubdirectory("spid-packages-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void FindFaults_CompletePackage_FindsNone()
    {
        Write("A.1.0.0.nupkg", Contents);
        Write("A.1.0.0.snupkg", "lib/net10.0/A.pdb");

        Assert.That(PackageRules.FindFaults(_folder, "A"), Is.Empty);
    }

    [TestCase("README.md")]
    [TestCase("icon.png")]
    [TestCase("lib/net10.0/A.dll")]
    [TestCase("lib/net10.0/A.xml")]
    public void FindFaults_FileMissing_NamesIt(string name)
    {
        Write("A.1.0.0.nupkg", [.. Contents.Where(content => content != name)]);
        Write("A.1.0.0.snupkg", "lib/net10.0/A.pdb");

        Assert.That(PackageRules.FindFaults(_folder, "A"), Is.EqualTo(new[] { $"A: {name} is missing" }));
    }

    [Test]
    public void FindFaults_StrangeBinary_NamesIt()
    {
        Write("A.1.0.0.nupkg", [.. Contents, "lib/net10.0/B.dll"]);
        Write("A.1.0.0.snupkg", "lib/net10.0/A.pdb");

        Assert.That(PackageRules.FindFaults(_folder, "A"), Is.EqualTo(new[] { "A: lib/net10.0/B.dll does not belong in the package" }));
    }

    [Test]
    public void FindFaults_OnlyALongerNameWasPacked_FindsNoPackage()
    {
        Write("A.B.1.0.0.nupkg", Contents);
        Write("A.B.1.0.0.snupkg", "lib/net10.0/A.pdb");

        Assert.That(PackageRules.FindFaults(_folder, "A"), Is.EqualTo(new[] { "A: there is no package", "A: there is no symbols package" }));
    }

    private void Write(string package, params string[] contents)
    {
        using ZipArchive archive = ZipFile.Open(Path.Combine(_folder, package), ZipArchiveMode.Create);
        foreach (string name in contents)
        {
            archive.CreateEntry(name);
        }

        using var writer = new StreamWriter(archive.CreateEntry("A.nuspec").Open());
        writer.Write("<package><metadata><id>A</id><authors>B</authors><description>C</description><license>MIT</license><icon>icon.png</icon><readme>README.md</readme></metadata></package>");
    }
}
