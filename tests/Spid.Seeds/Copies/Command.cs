using System.Diagnostics;
using System.Text;

namespace Spid.Seeds.Copies;

/// <summary>A program with its arguments, run to its end.</summary>
internal sealed record Command(string Folder, string Program, params string[] Arguments)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets a line of output after which the program has a second to end, because nothing new is expected of it.</summary>
    public Predicate<string>? IsEnough { get; init; }

    public async Task<CommandResult> RunAsync()
    {
        using Process process = Process.Start(Describe())!;
        using var limit = new CancellationTokenSource(Timeout);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        Task<string> output = ReadAsync(process.StandardOutput, limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return new CommandResult(process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return new CommandResult(null, await output + await errors);
        }
    }

    private ProcessStartInfo Describe()
    {
        var start = new ProcessStartInfo(Program, Arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Nothing that serves builds may outlive the run, and the output is read in English.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        return start;
    }

    private async Task<string> ReadAsync(StreamReader reader, CancellationTokenSource limit)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            text.AppendLine(line);
            if (IsEnough?.Invoke(line) == true && !limit.IsCancellationRequested)
            {
                limit.CancelAfter(Grace);
            }
        }

        return text.ToString();
    }
}
