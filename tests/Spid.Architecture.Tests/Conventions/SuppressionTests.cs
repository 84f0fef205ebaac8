using System.Text.RegularExpressions;
using Spid.Architecture.Tests.Shared;

namespace Spid.Architecture.Tests.Conventions;

/// <summary>A rule that is switched off says why.</summary>
internal sealed partial class SuppressionTests
{
    [Test]
    public void Suppressions_InCode_SayWhy()
    {
        string[] files = [.. new[] { "src", "tests", "samples", "eng" }.SelectMany(folder => Repository.Files(folder, "*.cs"))];
        string[] silent = [.. files.SelectMany(file => FindSilent(File.ReadAllText(file)).Select(line => $"{Repository.Relative(file)}: {line}"))];

        Assert.That(files, Has.Length.GreaterThan(60));
        Assert.That(silent, Is.Empty);
    }

    [TestCase("#pragma warning disable CA1000", 1)]
    [TestCase("#pragma warning disable CA1000 // The platform's own interface has it.", 0)]
    [TestCase("[SuppressMessage(\"Design\", \"CA1000\")]", 1)]
    [TestCase("[SuppressMessage(\"Design\", \"CA1000\", Justification = \"\")]", 1)]
    [TestCase("[UnconditionalSuppressMessage(\"Trimming\", \"IL2026\",\n    Justification = \"The types are kept.\")]", 0)]
    public void Suppression_Line_IsSeen(string code, int expected) => Assert.That(FindSilent(code).Count(), Is.EqualTo(expected));

    [Test]
    public void Suppressions_InProjects_SayWhy()
    {
        string[] files = [.. Repository.Files("", "*.csproj"), .. Repository.Files("", "*.props"), .. Repository.Files("", "*.targets")];
        string[] silent = [.. files.Where(file => NoWarn().IsMatch(File.ReadAllText(file))).Select(Repository.Relative)];

        Assert.That(files, Has.Length.GreaterThan(8));
        Assert.That(silent, Is.Empty);
    }

    [Test]
    public void Severities_SetToNone_SayWhy()
    {
        string[] files = [.. Repository.Files("", ".editorconfig")];
        string[] silent = [.. files.SelectMany(file => FindUnexplained(File.ReadAllLines(file)).Select(line => $"{Repository.Relative(file)}: {line}"))];

        Assert.That(files, Has.Length.GreaterThan(1));
        Assert.That(silent, Is.Empty);
    }

    [Test]
    public void FindUnexplained_SeverityBelowNoComment_IsSeen()
    {
        string[] lines = ["# Why.", "dotnet_diagnostic.CA1.severity = none", "dotnet_diagnostic.CA2.severity = none", "", "dotnet_diagnostic.CA3.severity = none"];

        Assert.That(FindUnexplained(lines), Is.EqualTo(new[] { "dotnet_diagnostic.CA3.severity = none" }));
    }

    private static IEnumerable<string> FindSilent(string code) => SilentPragma().Matches(code)
        .Concat(Attribute().Matches(code).Where(match => !Justification().IsMatch(match.Value)))
        .Select(match => match.Value);

    /// <summary>One comment explains the lines right below it.</summary>
    private static IEnumerable<string> FindUnexplained(string[] lines)
    {
        bool explained = false;
        foreach (string line in lines)
        {
            bool isSeverity = line.StartsWith("dotnet_diagnostic.", StringComparison.Ordinal);
            if (isSeverity && !explained && line.EndsWith("none", StringComparison.Ordinal))
            {
                yield return line;
            }

            explained = line.StartsWith('#') || (explained && isSeverity);
        }
    }

    [GeneratedRegex(@"^\s*#pragma warning disable(?!.*//\s*\S).*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex SilentPragma();

    [GeneratedRegex(@"^\s*\[(assembly: )?(Unconditional)?SuppressMessage\([^\]]*\)\]", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Attribute();

    [GeneratedRegex("Justification = \"[^\"]+\"", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Justification();

    [GeneratedRegex(@"(?<!-->\s*)<(NoWarn|WarningsNotAsErrors|NuGetAuditSuppress)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex NoWarn();
}
