using System.Text.RegularExpressions;
using Spid.Architecture.Tests.Shared;

namespace Spid.Architecture.Tests.Conventions;

/// <summary>What every source file keeps to.</summary>
internal sealed partial class SourceTests
{
    private static readonly string[] EmptyNames = ["Utils", "Helpers", "Common", "Models", "Services", "Abstractions", "Extensions"];

    private static string[] ShippedFiles => Repository.Files("src", "*.cs");

    private static string[] AllFiles => [.. new[] { "src", "tests", "samples", "eng" }.SelectMany(folder => Repository.Files(folder, "*.cs"))];

    [Test]
    public void Namespaces_OfFiles_EqualTheirFolder()
    {
        string[] files = [.. ShippedFiles.Where(file => NamespaceLine().IsMatch(File.ReadAllText(file)))];

        Assert.That(files, Has.Length.GreaterThan(40));
        Assert.That(files.Where(file => !IsInItsNamespace(file)).Select(Repository.Relative), Is.Empty);
    }

    [Test]
    public void Folders_InSource_HaveNamesThatSaySomething()
    {
        string[] folders = [.. AllFiles.SelectMany(file => Repository.Relative(file).Split('/')[..^1]).Distinct()];

        Assert.That(folders, Does.Contain("Tokens"));
        Assert.That(folders.Intersect(EmptyNames), Is.Empty);
    }

    [TestCase("Spid.Client")]
    [TestCase("Spid.ResourceServer")]
    [TestCase("Spid.AspNetCore")]
    public void Files_InTheRootFolder_AreTenAtMost(string project)
    {
        string[] files = Directory.GetFiles(Repository.PathOf($"src/{project}"), "*.cs");

        Assert.That(files, Has.Length.InRange(1, 10));
    }

    [Test]
    public void Files_InSource_HaveThreeHundredLinesAtMost()
    {
        Assert.That(ShippedFiles, Is.Not.Empty);
        Assert.That(ShippedFiles.Where(file => File.ReadAllLines(file).Length > 300).Select(Repository.Relative), Is.Empty);
    }

    [Test]
    public void Comments_InAllFiles_PostponeNothing()
    {
        string[] postponing = [.. AllFiles.Where(file => Postponed().IsMatch(File.ReadAllText(file))).Select(Repository.Relative)];

        Assert.That(AllFiles, Has.Length.GreaterThan(60));
        Assert.That(postponing, Is.Empty);
    }

    [TestCase("// TO" + "DO: later", true)]
    [TestCase("// FIX" + "ME", true)]
    [TestCase("todos.Add(item);", false)]
    public void Postponed_Line_IsSeen(string line, bool expected) => Assert.That(Postponed().IsMatch(line), Is.EqualTo(expected));

    private static bool IsInItsNamespace(string file)
    {
        string expected = Path.GetDirectoryName(Repository.Relative(file)["src/".Length..])!.Replace('/', '.').Replace('\\', '.');
        string actual = NamespaceLine().Match(File.ReadAllText(file)).Groups["name"].Value;
        return actual == expected || (actual == "Microsoft.Extensions.DependencyInjection" && expected.EndsWith(".DependencyInjection", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"\b(T[O]DO|F[I]XME|H[A]CK)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Postponed();
}
