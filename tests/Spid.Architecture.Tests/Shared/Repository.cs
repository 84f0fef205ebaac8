namespace Spid.Architecture.Tests.Shared;

/// <summary>The files of the repository that the tests run in.</summary>
internal static class Repository
{
    private static readonly string[] Built = ["artifacts", "bin", "obj", ".git", "TestResults"];

    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>Gives the files below a folder, without what builds leave behind.</summary>
    public static string[] Files(string folder, string pattern) => Directory.Exists(PathOf(folder))
        ? [.. Directory.GetFiles(PathOf(folder), pattern, SearchOption.AllDirectories).Where(IsSource).Order(StringComparer.Ordinal)]
        : [];

    private static bool IsSource(string path) => !Relative(path).Split('/').Intersect(Built).Any();

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Spid.Client.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
