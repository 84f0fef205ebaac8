using System.Diagnostics;

namespace Spid.Benchmarks.StartUp;

/// <summary>A small program that obtains one token: how long it takes from start to end, and how large it is.</summary>
internal sealed record Launch(string Subject, bool IsNative, double Nanoseconds, long Bytes)
{
    private const string Project = "tests/Spid.FirstToken";
    private const int Runs = 21;

    public static Launch Measure(string subject, bool native)
    {
        string folder = Path.Combine("artifacts", "first-token", subject + (native ? "-native" : ""));
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        string platform = native ? $" -r {System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier} -p:Native=true" : "";
        Run("dotnet", $"publish {Project} -c Release -o {folder} -p:Subject={subject}{platform} --nologo -v quiet");

        string program = Path.Combine(folder, native ? "Spid.FirstToken" : "Spid.FirstToken.dll");
        double[] times = [.. Enumerable.Range(0, Runs).Select(_ => native ? Run(program, "") : Run("dotnet", program)).Order()];
        return new Launch(subject, native, times[Runs / 2], SizeOf(folder));
    }

    /// <summary>What has to be copied to another machine; no symbols, no documentation.</summary>
    private static long SizeOf(string folder) => new DirectoryInfo(folder)
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => file.Extension is not (".pdb" or ".dbg" or ".xml"))
        .Sum(file => file.Length);

    private static double Run(string program, string arguments)
    {
        long startedAt = TimeProvider.System.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? TimeProvider.System.GetElapsedTime(startedAt).TotalNanoseconds
            : throw new InvalidOperationException($"{program} {arguments} ended with {process.ExitCode}.\n{output}");
    }
}
