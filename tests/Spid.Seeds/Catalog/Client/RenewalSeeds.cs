using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.Client;

/// <summary>Faults of the renewal after a service refused a token.</summary>
internal static class RenewalSeeds
{
    private const string Fetch = "src/Spid.Client/Tokens/TokenEntry.Fetch.cs";
    private const string Renewal = "src/Spid.Client/Tokens/TokenEntry.Renewal.cs";
    private const string Tests = "Spid.Client.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("renewal/rejected-returned", "A renewal gives the refused token back, because a fetch is thought to have replaced it.")
        {
            Edits = [new(Fetch, "&& !IsSame(current.Token, rejected) ", "")],
            Detectors = [Detector.Tests(Tests, "Tokens.TokenClientTests", "TokenEntryModelTests"), Detector.Schedule("token/get-renew")],
        },
        new("renewal/rejected-is-other", "The refused token counts as another one, so that nothing is ever renewed.")
        {
            Edits = [new(Renewal, "return current is not null && !IsSame(other, rejected) && current.IsAliveAt(Cache.TokenClock.Now);", "return current is not null && current.IsAliveAt(Cache.TokenClock.Now);")],
            Detectors = [Detector.Tests(Tests, "Tokens.TokenClientTests", "TokenEntryModelTests")],
        },
        new("renewal/by-reference", "Tokens are compared by reference, so a copy of the current token starts a renewal that was not needed.")
        {
            Edits = [new(Renewal, "|| (token is not null && string.Equals(token.AccessToken, other?.AccessToken, StringComparison.Ordinal))", "")],
            Detectors = [Detector.Tests(Tests, "Tokens.TokenClientTests")],
        },
        new("renewal/pause-never-begins", "A service that refuses every token causes a renewal for each request.")
        {
            Edits =
            [
                new(
                    Renewal,
                    """
                                if (now - _renewedAt >= SuspiciousAge)
                                {
                                    return false;
                                }
                    """,
                    """
                                if (now >= _pausedUntil)
                                {
                                    return false;
                                }
                    """),
            ],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests", "HandlerAcceptanceTests")],
        },
        new("renewal/pause-too-short", "The pause of renewals ends as soon as the last renewal is half a minute old, whatever the options say.")
        {
            Edits = [new(Renewal, "_pausedUntil = now + (long)Cache.Settings.Cache.RenewalPause.TotalMilliseconds;", "")],
            Detectors = [Detector.Tests(Tests, "SpidTokenHandlerTests", "HandlerAcceptanceTests", "TokenEntryModelTests")],
        },
        new("renewal/pause-despite-new-token", "A refusal of the old token that arrives after its renewal pauses all renewals.")
        {
            Edits = [new(Renewal, "if (TryGetOther(rejected, out _))", "if (TryGetOther(rejected, out _) && false)")],
            Detectors = [Detector.Schedule("token/get-renew"), Detector.Schedule("token/renew-renew-pause")],
        },
    ];
}
