namespace Spid.Gate.Packages;

/// <summary>Checks that each project of the source folder was packed with all that a user expects and nothing else.</summary>
internal static class PackagesCommand
{
    public static int Run(string packages, string source)
    {
        string[] projects = [.. Directory.GetFiles(source, "*.csproj", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];
        string[] faults = [.. projects.SelectMany(project => PackageRules.FindFaults(packages, project))];
        foreach (string fault in faults)
        {
            Console.WriteLine(fault);
        }

        Console.WriteLine($"{projects.Length} packages checked, {faults.Length} faults");
        return projects.Length > 0 && faults.Length == 0 ? 0 : 1;
    }
}
