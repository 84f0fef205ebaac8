using System.Text.Json;
using System.Xml.Linq;
using Spid.Architecture.Tests.Shared;

namespace Spid.Architecture.Tests.Packages;

/// <summary>A version with a wildcard is another one tomorrow.</summary>
internal sealed class VersionTests
{
    [Test]
    public void LockFiles_OfShippedProjects_HaveNoWildcard()
    {
        string[] projects = Repository.Files("src", "*.csproj");
        string[] lockFiles = Repository.Files("src", "packages.lock.json");
        string[] versions = [.. lockFiles.SelectMany(ReadVersions)];

        Assert.That(lockFiles.Select(Path.GetDirectoryName), Is.EquivalentTo(projects.Select(Path.GetDirectoryName)));
        Assert.That(versions, Has.Length.GreaterThan(20));
        Assert.That(versions, Has.None.Contains("*"));
    }

    [Test]
    public void CentralVersions_OfAllPackages_HaveNoWildcard()
    {
        XDocument document = XDocument.Load(Repository.PathOf("Directory.Packages.props"));
        string[] versions = [.. document.Descendants("PackageVersion").Select(package => (string)package.Attribute("Version")!)];

        Assert.That(versions, Has.Length.GreaterThan(20));
        Assert.That(versions, Has.None.Contains("*"));
    }

    private static IEnumerable<string> ReadVersions(string lockFile)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(lockFile));
        JsonElement frameworks = document.RootElement.GetProperty("dependencies");
        return
        [
            .. frameworks.EnumerateObject()
                .SelectMany(framework => framework.Value.EnumerateObject())
                .SelectMany(package => new[] { "requested", "resolved" }.Select(name => package.Value.TryGetProperty(name, out JsonElement value) ? value.GetString() : null))
                .OfType<string>(),
        ];
    }
}
