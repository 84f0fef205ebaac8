namespace Spid.Seeds.Copies;

/// <summary>The working tree that this program was built from.</summary>
internal sealed class SourceTree(string root)
{
    private const string Solution = "Spid.Client.sln";

    public string Root { get; } = root;

    /// <exception cref="InvalidOperationException">The program runs outside the repository.</exception>
    public static SourceTree Find()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, Solution)))
        {
            directory = directory.Parent;
        }

        return new SourceTree(directory?.FullName ?? throw new InvalidOperationException("The program runs outside the repository."));
    }

    /// <summary>Lists what git knows and what it would add, as it stands now: also without a commit, and without what builds leave behind.</summary>
    public async Task<IReadOnlyList<string>> ListFilesAsync()
    {
        CommandResult result = await new Command(Root, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").RunAsync();
        return result.ExitCode == 0
            ? [.. result.Output.Split('\0').Select(file => file.Trim()).Where(file => file.Length > 0 && File.Exists(Path.Combine(Root, file)))]
            : throw new InvalidOperationException($"git could not list the files: {result.Output}");
    }
}
