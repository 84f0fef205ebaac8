namespace Spid.Seeds.Copies;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">The exit code; <see langword="null"/> when it did not end in time.</param>
/// <param name="Output">What it printed.</param>
internal sealed record CommandResult(int? ExitCode, string Output);
