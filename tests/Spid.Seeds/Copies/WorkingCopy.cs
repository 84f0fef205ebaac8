namespace Spid.Seeds.Copies;

/// <summary>A copy of the sources that seeds are put into. It stays warm between runs: only what has changed is written, so builds are incremental.</summary>
internal sealed class WorkingCopy(SourceTree tree, int number)
{
    private const string Build = "artifacts";

    private readonly HashSet<string> _restored = new(StringComparer.Ordinal);

    public string Folder { get; } = Path.Combine(tree.Root, Build, "seeds", number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Makes the copy equal to the working tree.</summary>
    public async Task SynchronizeAsync()
    {
        Directory.CreateDirectory(Folder);
        HashSet<string> files = [.. await tree.ListFilesAsync()];
        foreach (string stale in ListOwnFiles().Where(file => !files.Contains(file)))
        {
            File.Delete(PathOf(stale));
        }

        foreach (string file in files)
        {
            Restore(file);
        }
    }

    public string? Read(string file) => File.Exists(PathOf(file)) ? File.ReadAllText(PathOf(file)) : null;

    public void Write(string file, string text) => File.WriteAllText(PathOf(file), text);

    /// <summary>Gives a file the content that it has in the working tree.</summary>
    public void Restore(string file)
    {
        byte[] content = File.ReadAllBytes(Path.Combine(tree.Root, file));
        string path = PathOf(file);
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }

    public bool Has(string project) => Directory.Exists(PathOf(project));

    /// <summary>Builds a project without what a fault need not pass: analyzers and warnings.</summary>
    public async Task<CommandResult> BuildAsync(string project)
    {
        if (_restored.Add(project))
        {
            CommandResult restore = await Run("restore", project, "--locked-mode").RunAsync();
            if (restore.ExitCode != 0)
            {
                return restore;
            }
        }

        return await Run("build", project, "-c", "Release", "--no-restore", "-v", "quiet", "-nologo", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-clp:ErrorsOnly").RunAsync();
    }

    /// <summary>Describes a run of <c>dotnet</c> in the copy.</summary>
    public Command Run(params string[] arguments) => new(Folder, "dotnet", arguments);

    public string PathOf(string file) => Path.Combine(Folder, file);

    private IEnumerable<string> ListOwnFiles() => Directory
        .EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
        .Where(file => !file.StartsWith(Build + "/", StringComparison.Ordinal));
}
