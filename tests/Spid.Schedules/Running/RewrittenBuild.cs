using System.Diagnostics;
using System.Text.Json;

namespace Spid.Schedules.Running;

/// <summary>A copy of this program that Coyote has rewritten, so that it decides at each synchronization point which thread goes on.</summary>
internal sealed class RewrittenBuild(string folder)
{
    private const string Assembly = "Spid.Schedules.dll";

    /// <summary>Gets the program to start with <c>dotnet</c>.</summary>
    public string Program { get; } = Path.Combine(folder, Assembly);

    /// <summary>Makes the copy with the tool that the repository pins, unless there is one that is newer than this build.</summary>
    /// <exception cref="InvalidOperationException">The tool failed; what it printed is in the message.</exception>
    public static RewrittenBuild Create()
    {
        string source = AppContext.BaseDirectory;
        var build = new RewrittenBuild(Path.TrimEndingDirectorySeparator(source) + "-rewritten");
        string configuration = Path.Combine(source, "rewrite.json");
        if (File.Exists(build.Program) && File.GetLastWriteTimeUtc(build.Program) > File.GetLastWriteTimeUtc(Path.Combine(source, Assembly)))
        {
            return build;
        }

        File.WriteAllText(configuration, JsonSerializer.Serialize(new { AssembliesPath = source, OutputPath = Path.GetDirectoryName(build.Program), Assemblies = new[] { Assembly } }));
        Run("tool", "restore");
        Run("tool", "run", "coyote", "rewrite", configuration);
        return build;
    }

    private static void Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["COYOTE_CLI_TELEMETRY_OPTOUT"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed:\n{output}{errors.Result}");
        }
    }
}
