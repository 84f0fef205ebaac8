using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.ResourceServer;

/// <summary>Faults of the shared search for facts, and of evictions while it runs.</summary>
internal static class FlightSeeds
{
    private const string Flights = "src/Spid.ResourceServer/Verification/TokenFlights.cs";
    private const string Verifier = "src/Spid.ResourceServer/Verification/SpidTokenVerifier.cs";
    private const string Tests = "Spid.ResourceServer.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("flights/kept", "A search that has ended is never cleared, so its finding serves for ever.")
        {
            Edits =
            [
                new(
                    Flights,
                    """
                                _flights.TryRemove(new KeyValuePair<TokenHash, TokenFlight>(hash, flight));
                                flight.End(finding);
                    """,
                    """
                                flight.End(finding);
                    """),
            ],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests")],
        },
        new("flights/evict-without-mark", "What a search finds is stored although the token was evicted meanwhile.")
        {
            Edits = [new(Flights, "flight.Evict();", "")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests"), Detector.Schedule("flights/evict-search")],
        },
        new("flights/client-eviction-uncounted", "What a search finds is stored although its client was evicted meanwhile.")
        {
            Edits = [new(Flights, "Interlocked.Increment(ref _evictions);", "")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests")],
        },
        new("flights/remember-lock", "An eviction between the look for one and the storing of a finding has no effect, because Remember takes no lock.")
        {
            Edits =
            [
                new(
                    Flights,
                    """
                            lock (_gate)
                            {
                                if (!IsOutdated(flight))
                    """,
                    """
                            {
                                if (!IsOutdated(flight))
                    """),
            ],
            Detectors = [Detector.Schedule("flights/evict-search"), Detector.Schedule("flights/evict-client")],
        },
        new("flights/evicted-while-shared", "A request that takes a token from the shared store while it is evicted there keeps it.")
        {
            Edits =
            [
                new(
                    "src/Spid.ResourceServer/Verification/Eviction.cs",
                    """
                                finally
                                {
                                    // Until then a request may have taken it from what is shared.
                                    evictHere();
                                }
                    """,
                    """
                                finally
                                {
                                }
                    """),
            ],
            Detectors = [Detector.Tests(Tests, "SharedAnswersTests"), Detector.Schedule("flights/evict-shared")],
        },
        new("flights/late-joiner-refused", "A caller that joins a search shortly before it fails is not given a search of its own.")
        {
            Edits = [new(Verifier, "if (finding is { IsUnavailable: true, IsFinal: false } && isLate)", "if (finding is { IsUnavailable: true, IsFinal: false } && isLate && !joined)")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests", "HangingSpidTests")],
        },
        new("flights/second-look", "A search that starts as an earlier one ends asks SPiD once more.")
        {
            Edits = [new(Flights, "search.IsRefresh ? null : memory.Recall(hash)", "null")],
            Detectors = [Detector.Tests(Tests, "TokenFlightsTests")],
        },
        new("flights/stale-after-eviction", "A token that was evicted during a failed search is served from what was held before.")
        {
            Edits = [new(Verifier, "return stale is not null && _memory.Find(hash) == stale && _cache.Now < stale.StaleUntil", "return stale is not null && _cache.Now < stale.StaleUntil")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests")],
        },
        new("flights/withdrawn-key-confirmed", "A token is accepted although its key was withdrawn while SPiD was asked to confirm it.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/FactFinder.cs", "keys.IsCurrent(key) ? confirmed : Withdrawn()", "keys.IsCurrent(key) || confirmed.Facts is not null ? confirmed : Withdrawn()")],
            Detectors = [Detector.Tests("Spid.ResourceServer.Tests", "ConfirmRemotelyTests")],
        },
        new("flights/joined-before-publication", "A caller who joins the search for a token is told what a fetch from before its key was published shows.")
        {
            Edits = [new(Verifier, "else if (joined && finding.Reason == SpidVerificationReason.UnknownKey && ", "else if (!joined && finding.Reason == SpidVerificationReason.UnknownKey && ")],
            Detectors = [Detector.Tests("Spid.ResourceServer.Tests", "KeySetTests")],
        },
        new("flights/stale-for-ever", "While SPiD is down a remembered token is served without an end.")
        {
            Edits = [new(Verifier, "_memory.Find(hash) == stale && _cache.Now < stale.StaleUntil", "_memory.Find(hash) == stale")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests")],
        },
    ];
}
