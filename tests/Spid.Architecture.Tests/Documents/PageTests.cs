using System.Text.RegularExpressions;
using Spid.Architecture.Tests.Shared;

namespace Spid.Architecture.Tests.Documents;

/// <summary>What readers copy has to compile, and what is linked has to be there.</summary>
internal sealed partial class PageTests
{
    private static string[] Pages => [.. Repository.Files("", "*.md")];

    [Test]
    public void Readme_CSharpBlocks_EqualTheSamples()
    {
        SampleBlock[] blocks = SampleBlock.In(File.ReadAllText(Repository.PathOf("README.md")));

        Assert.That(blocks, Is.Not.Empty);
        Assert.That(blocks.Select(block => block.FindFault()).OfType<string>(), Is.Empty);
    }

    [Test]
    public void Pages_CSharpBlocksWithAMarker_EqualTheSamples()
    {
        SampleBlock[] blocks = [.. Pages.SelectMany(page => SampleBlock.In(File.ReadAllText(page))).Where(block => block.Path is not null)];

        Assert.That(blocks, Is.Not.Empty);
        Assert.That(blocks.Select(block => block.FindFault()).OfType<string>(), Is.Empty);
    }

    [Test]
    public void Pages_LinksToFiles_LeadSomewhere()
    {
        (string Page, string Target)[] links =
        [
            .. Pages.SelectMany(page => Link().Matches(File.ReadAllText(page)).Select(match => (page, match.Groups["target"].Value))),
        ];
        string[] broken = [.. links.Where(link => !Path.Exists(Path.Combine(Path.GetDirectoryName(link.Page)!, link.Target))).Select(link => $"{Repository.Relative(link.Page)}: {link.Target}")];

        Assert.That(links, Is.Not.Empty);
        Assert.That(broken, Is.Empty);
    }

    [Test]
    public void Changelog_Sections_BeginWithUnreleased()
    {
        string[] sections = [.. File.ReadAllLines(Repository.PathOf("CHANGELOG.md")).Where(line => line.StartsWith("## ", StringComparison.Ordinal))];

        Assert.That(sections, Is.Not.Empty);
        Assert.That(sections[0], Is.EqualTo("## [Unreleased]"));
    }

    [TestCase("README.md")]
    [TestCase("CHANGELOG.md")]
    [TestCase("CONTRIBUTING.md")]
    [TestCase("SECURITY.md")]
    [TestCase("LICENSE")]
    public void Root_PageThatUsersLookFor_IsThere(string page) => Assert.That(Repository.PathOf(page), Does.Exist);

    [GeneratedRegex(@"\]\((?<target>[^)#:\s]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Link();
}
