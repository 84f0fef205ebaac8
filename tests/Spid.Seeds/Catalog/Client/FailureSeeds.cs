using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.Client;

/// <summary>Faults of the memory of failures.</summary>
internal static class FailureSeeds
{
    private const string Memory = "src/Spid.Client/Tokens/FailureMemory.cs";
    private const string Entry = "src/Spid.Client/Tokens/TokenEntry.Failures.cs";
    private const string Tests = "Spid.Client.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("failures/remember-lock", "Of failures side by side the shorter pause can win, because Remember takes no lock.")
        {
            Edits =
            [
                new(
                    Memory,
                    """
                            lock (_gate)
                            {
                                int count
                    """,
                    """
                            {
                                int count
                    """),
            ],
            Detectors = [Detector.Schedule("token/fail-fail")],
        },
        new("failures/forget-newer", "A success forgets a failure that came after its attempt began.")
        {
            Edits = [new(Memory, "if (_last is { } last && last.At < startedAt)", "if (_last is not null)")],
            Detectors = [Detector.Tests(Tests, "FailureMemoryTests", "TokenEntryRateLimitTests"), Detector.Schedule("token/fail-succeed")],
        },
        new("failures/retry-after", "The Retry-After of SPiD is ignored.")
        {
            Edits = [new(Memory, "{ RetryAfter: { } retryAfter } => retryAfter < settings.MaximumRetryAfter ? retryAfter : settings.MaximumRetryAfter,", "")],
            Detectors = [Detector.Tests(Tests, "RateLimitTests", "TokenEntryRetryAfterTests")],
        },
        new("failures/retry-after-unbounded", "A Retry-After of a year is obeyed for a year.")
        {
            Edits = [new(Memory, "retryAfter < settings.MaximumRetryAfter ? retryAfter : settings.MaximumRetryAfter,", "retryAfter,")],
            Detectors = [Detector.Tests(Tests, "RateLimitTests", "Tokens.TokenClientTests")],
        },
        new("failures/shorter-pause-wins", "A failure without a Retry-After ends the pause that SPiD asked for.")
        {
            Edits = [new(Memory, "_last is { } longer && longer.Until > failure.Until ? longer with { At = now } : failure", "failure")],
            Detectors = [Detector.Tests(Tests, "RateLimitTests", "TokenEntryRateLimitTests")],
        },
        new("failures/never-over", "A remembered failure keeps callers away for ever.")
        {
            Edits = [new(Memory, "return last is not null && left > 0 ?", "return last is not null ?")],
            Detectors = [Detector.Tests(Tests, "Tokens.TokenClientTests", "OutageTests")],
        },
        new("failures/not-client-wide", "Refused credentials are tried again for each request of the client.")
        {
            Edits = [new(Entry, "if (clientWide)", "if (clientWide && startedAt < 0)")],
            Detectors = [Detector.Tests(Tests, "RateLimitTests", "Tokens.TokenClientTests")],
        },
        new("failures/pause-outlives-token", "While a token lives, the pauses after failed refreshes grow until it has expired.")
        {
            Edits = [new(Memory, "return deadline?.BoundPause(pause) ?? pause;", "return deadline is null ? pause : pause;")],
            Detectors = [Detector.Tests(Tests, "FailureMemoryTests", "OutageTests", "RefreshDeadline", "Tokens.TokenClientTests")],
        },
        new("failures/refresh-holds-back-callers", "The first caller after the expiry fails at once, because a refresh has failed a moment ago.")
        {
            Edits = [new(Entry, "reason != FetchReason.Refresh && OnlyRefreshFailed ? null : Remembered", "reason == FetchReason.Explicit && OnlyRefreshFailed ? null : Remembered")],
            Detectors = [Detector.Tests(Tests, "RefreshDeadlineTests")],
        },
        new("failures/no-growth", "The pause after failures does not grow.")
        {
            Edits = [new(Memory, "_last.At >= startedAt ? _last.Count : _last.Count + 1", "1")],
            Detectors = [Detector.Tests(Tests, "FailureMemoryTests")],
        },
    ];
}
