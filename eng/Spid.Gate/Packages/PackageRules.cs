using System.IO.Compression;
using System.Xml.Linq;

namespace Spid.Gate.Packages;

/// <summary>What a package has to hold.</summary>
internal static class PackageRules
{
    private const string Folder = "lib/net10.0/";

    private static readonly string[] Binaries = [".dll", ".exe", ".so", ".dylib", ".pdb", ".winmd"];

    /// <summary>Checks the one package of a project and its symbols.</summary>
    public static IEnumerable<string> FindFaults(string packages, string project)
    {
        string? package = Find(packages, project, ".nupkg");
        string? symbols = Find(packages, project, ".snupkg");
        return
        [
            .. package is null ? [$"{project}: there is no package"] : FindPackageFaults(package, project),
            .. symbols is null ? [$"{project}: there is no symbols package"] : FindSymbolFaults(symbols, project),
        ];
    }

    private static IEnumerable<string> FindPackageFaults(string file, string project)
    {
        using ZipArchive archive = ZipFile.OpenRead(file);
        XElement metadata = ReadMetadata(archive);
        string[] names = [.. archive.Entries.Select(entry => entry.FullName)];

        foreach (string name in new[] { "README.md", "icon.png", $"{Folder}{project}.dll", $"{Folder}{project}.xml" }.Except(names))
        {
            yield return $"{project}: {name} is missing";
        }

        foreach (string name in BinariesIn(names).Where(name => name != $"{Folder}{project}.dll"))
        {
            yield return $"{project}: {name} does not belong in the package";
        }

        foreach ((string element, string? expected) in new[] { ("id", project), ("readme", "README.md"), ("icon", "icon.png"), ("license", "MIT"), ("description", null), ("authors", null) })
        {
            string? value = metadata.Elements().FirstOrDefault(child => child.Name.LocalName == element)?.Value;
            if (string.IsNullOrEmpty(value) || (expected is not null && value != expected))
            {
                yield return $"{project}: {element} is '{value}' and not {expected ?? "some text"}";
            }
        }
    }

    private static IEnumerable<string> FindSymbolFaults(string file, string project)
    {
        using ZipArchive archive = ZipFile.OpenRead(file);
        string[] binaries = [.. BinariesIn(archive.Entries.Select(entry => entry.FullName))];
        if (!binaries.SequenceEqual([$"{Folder}{project}.pdb"]))
        {
            yield return $"{project}: the symbols package holds [{string.Join(", ", binaries)}] and not its own symbols alone";
        }
    }

    private static IEnumerable<string> BinariesIn(IEnumerable<string> names) =>
        names.Where(name => Binaries.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase));

    private static XElement ReadMetadata(ZipArchive archive)
    {
        ZipArchiveEntry entry = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal));
        using Stream stream = entry.Open();
        return XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    /// <summary>A project's name may begin another one's, so the version has to follow.</summary>
    private static string? Find(string packages, string project, string extension) => Directory.Exists(packages)
        ? Directory.GetFiles(packages, $"{project}.*{extension}").SingleOrDefault(file => char.IsAsciiDigit(Path.GetFileName(file)[project.Length + 1]))
        : null;
}
