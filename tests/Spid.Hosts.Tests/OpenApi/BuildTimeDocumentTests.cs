using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Spid.Hosts.Tests.OpenApi;

/// <summary>The OpenAPI document of an application is made when it is built, by a tool that starts it.</summary>
[CancelAfter(120_000)]
internal sealed class BuildTimeDocumentTests
{
    private const string Application = "Spid.OpenApi";

    private DirectoryInfo _directory = null!;

    [SetUp]
    public void CreateDirectory() => _directory = Directory.CreateTempSubdirectory("spid-openapi");

    [TearDown]
    public void DeleteDirectory() => _directory.Delete(recursive: true);

    [Test(Description = "B25: where the application is built nothing of it is configured")]
    public async Task Tool_NothingIsConfigured_WritesTheDocument(CancellationToken cancellationToken)
    {
        (int exitCode, string output) = await RunAsync(
            [
                Tool, "--assembly", PathOf("dll"), "--framework", ".NETCoreApp,Version=v10.0", "--project", Application,
                "--file-list", Path.Combine(_directory.FullName, "files"), "--output", _directory.FullName,
            ],
            cancellationToken);

        string document = Path.Combine(_directory.FullName, Application + ".json");
        Assert.That((exitCode, File.Exists(document)), Is.EqualTo((0, true)), output);
        Assert.That(JsonNode.Parse(await File.ReadAllTextAsync(document, cancellationToken))!["paths"]!.AsObject().Select(path => path.Key), Does.Contain("/messages"));
    }

    [Test(Description = "B25: the application itself is as strict as ever")]
    public async Task Application_NothingIsConfigured_DoesNotStart(CancellationToken cancellationToken)
    {
        (int exitCode, string output) = await RunAsync([PathOf("dll"), "--urls", "http://127.0.0.1:0"], cancellationToken);

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Contain("Authentication:Schemes:SpidBearer").And.Contain("Authentication:Schemes:Partners").And.Contain("'Spid'"));
    }

    private static string Tool => typeof(BuildTimeDocumentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "DocumentTool").Value!;

    private static string PathOf(string extension) => Path.Combine(AppContext.BaseDirectory, $"{Application}.{extension}");

    private async Task<(int ExitCode, string Output)> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = _directory.FullName };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            // Does nothing to a process that has ended.
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, await output + await errors);
    }
}
