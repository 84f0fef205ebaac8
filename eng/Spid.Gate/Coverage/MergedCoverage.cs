using System.Globalization;
using System.Xml.Linq;

namespace Spid.Gate.Coverage;

/// <summary>
/// Adds up Cobertura reports of several test projects. A line is covered when one project ran it. Of a line's branches a report
/// tells the number only, so the most that one project covered counts: never more than was covered. Source that is compiled into
/// several assemblies counts once, in the folder where it stands.
/// </summary>
internal sealed class MergedCoverage
{
    private readonly Dictionary<(string File, int Line), LineCoverage> _lines = [];

    public void Add(string report)
    {
        using FileStream stream = File.OpenRead(report);
        Add(XDocument.Load(stream));
    }

    public void Add(XDocument report)
    {
        // One report lists a line twice when a method and its compiler-made part share it; there the branches add up.
        var lines = new Dictionary<(string Assembly, string File, int Line), LineCoverage>();
        string[] roots = [.. report.Descendants("source").Select(source => source.Value)];
        foreach (XElement package in report.Descendants("package"))
        {
            foreach (XElement type in package.Descendants("class"))
            {
                foreach (XElement line in type.Elements("lines").Elements("line"))
                {
                    var key = (Text(package, "name"), FileOf(type, roots), int.Parse(Text(line, "number"), CultureInfo.InvariantCulture));
                    lines[key] = lines.GetValueOrDefault(key).Beside(LineCoverage.Read(line));
                }
            }
        }

        foreach (((string Assembly, string File, int Line) key, LineCoverage line) in lines)
        {
            _lines[(key.File, key.Line)] = _lines.GetValueOrDefault((key.File, key.Line)).Or(line);
        }
    }

    public Share Of(string folder)
    {
        LineCoverage[] lines = [.. _lines.Where(line => line.Key.File.StartsWith($"/src/{folder}/", StringComparison.Ordinal)).Select(line => line.Value)];
        return new Share(
            lines.Count(line => line.Hits > 0),
            lines.Length,
            lines.Sum(line => line.CoveredBranches),
            lines.Sum(line => line.Branches));
    }

    /// <summary>Each report names files relative to roots of its own, so a path counts from the source folder on.</summary>
    private static string FileOf(XElement type, string[] roots)
    {
        string name = Text(type, "filename");
        string[] candidates = [.. roots.Select(root => Path.Combine(root, name))];
        string file = (candidates.FirstOrDefault(File.Exists) ?? candidates.FirstOrDefault() ?? name).Replace('\\', '/');
        int source = ("/" + file).LastIndexOf("/src/", StringComparison.Ordinal);
        return ("/" + file)[Math.Max(source, 0)..];
    }

    private static string Text(XElement element, string attribute) => (string?)element.Attribute(attribute) ?? "";
}
