using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.ResourceServer;

/// <summary>Faults of what is remembered of tokens.</summary>
internal static class FactsCacheSeeds
{
    private const string Cache = "src/Spid.ResourceServer/Verification/FactsCache.cs";
    private const string Store = "src/Spid.ResourceServer/Verification/BoundedStore.cs";
    private const string Memory = "src/Spid.ResourceServer/Verification/TokenMemory.cs";
    private const string Verifier = "src/Spid.ResourceServer/Verification/SpidTokenVerifier.cs";
    private const string Tests = "Spid.ResourceServer.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("facts/shared-between-verifiers", "A token that one verifier of the process has seen is known to all others.")
        {
            Edits =
            [
                new(Verifier, "private readonly TokenHasher _hasher = new();", "private static readonly TokenHasher _hasher = new();"),
                new(Cache, "private readonly BoundedStore<CachedFacts> _facts;", "private static BoundedStore<CachedFacts>? _shared;\n    private readonly BoundedStore<CachedFacts> _facts;"),
                new(Cache, "_facts = new BoundedStore<CachedFacts>(_settings.MaximumEntries);", "_facts = _shared ??= new BoundedStore<CachedFacts>(_settings.MaximumEntries);"),
            ],
            Detectors = [Detector.Tests("Spid.AspNetCore.Tests", "SeveralSchemesTests"), Detector.Tests(Tests, "FactsCacheTests")],
        },
        new("facts/policy-skipped-on-hit", "A remembered token is let in whatever the audience, the client and the scopes are.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/Judgement.cs", "SpidVerificationReason objection = FindObjection(facts, requirements, now);", "SpidVerificationReason objection = fromCache ? FindFault(facts, now) : FindObjection(facts, requirements, now);")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests", "JudgementTests", "SpidTokenVerifierTests")],
        },
        new("facts/audience-skipped-on-hit", "A remembered token is let in although it is for another service.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/Judgement.cs", "return objection == SpidVerificationReason.None ? facts", "return objection == SpidVerificationReason.None || (fromCache && objection == SpidVerificationReason.WrongAudience) ? facts")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests", "JudgementTests", "SpidTokenVerifierTests")],
        },
        new("facts/verdict-stored", "A token that lacks a scope for one request is refused for all others as well.")
        {
            Edits =
            [
                new(
                    Verifier,
                    "private SpidVerificationResult Judge(TokenFacts facts, bool fromCache, SpidTokenRequirements requirements) =>\n        _judgement.Judge(facts, fromCache, requirements, _parts.TimeProvider.GetUtcNow());",
                    "private readonly System.Runtime.CompilerServices.ConditionalWeakTable<TokenFacts, SpidVerificationResult> _verdicts = [];\n\n    private SpidVerificationResult Judge(TokenFacts facts, bool fromCache, SpidTokenRequirements requirements) =>\n        _verdicts.GetValue(facts, _ => _judgement.Judge(facts, fromCache, requirements, _parts.TimeProvider.GetUtcNow()));"),
            ],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests", "SpidTokenVerifierTests")],
        },
        new("facts/outlive-token", "Facts are remembered for longer than the token lives.")
        {
            Edits = [new(Cache, "TimeSpan fresh = Shorter(life, facts.Key is null ? _maximumAgeOfRemote : _maximumAgeOfLocal);", "TimeSpan fresh = facts.Key is null ? _maximumAgeOfRemote : _maximumAgeOfLocal;")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests")],
        },
        new("facts/refusal-keeps-facts", "A token that turns out to be inactive stays among the good ones.")
        {
            Edits = [new(Cache, "        _facts.Remove(hash);\n        StoreNegative(", "        StoreNegative(")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests", "ConfirmRemotelyTests")],
        },
        new("facts/refusal-never-over", "A refused token stays refused until it is swept.")
        {
            Edits = [new(Cache, "_refusals.Find(hash) is { } refusal && now < refusal.Until ? refusal : null", "_refusals.Find(hash)")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests")],
        },
        new("facts/refusals-beyond-limit", "Made-up tokens take as much room as good ones.")
        {
            Edits = [new(Cache, "new BoundedStore<CachedRefusal>(_settings.MaximumNegativeEntries)", "new BoundedStore<CachedRefusal>(_settings.MaximumEntries)")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests")],
        },
        new("facts/not-swept", "Facts of tokens that are over stay in memory without traffic.")
        {
            Edits = [new(Cache, "_facts.RemoveWhere(cached => now >= cached.StaleUntil);", "")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests")],
        },
        new("facts/withdrawn-key", "A token stays accepted after SPiD has withdrawn the key that signed it.")
        {
            Edits = [new(Memory, "if (cached?.Facts.Key is { } key && !keys.IsCurrent(key))", "if (cached?.Facts.Key is { } key && !keys.IsCurrent(key) && cached is null)")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests")],
        },
        new("facts/no-second-of-grace", "A token that is accepted within the clock skew causes a call with each request.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/FactsCache.cs", "bool isEnding = life < shortest;", "bool isEnding = life < shortest && life > shortest;")],
            Detectors = [Detector.Tests("Spid.ResourceServer.Tests", "FactsCacheTests")],
        },
        new("facts/failure-of-the-last-second", "A token that is accepted within the clock skew causes a call with each request while SPiD fails.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/FactFinder.cs", "return isEnding && finding is", "return isEnding && search.IsRefresh && finding is")],
            Detectors = [Detector.Tests("Spid.ResourceServer.Tests", "FactsCacheTests")],
        },
        new("facts/not-yet-valid-refused", "A token that is valid in a moment is remembered as refused.")
        {
            Edits = [new(Memory, "else if (finding.IsFinal || reason is", "else if (finding.IsFinal || reason is SpidVerificationReason.NotYetValid or"), new(Memory, "reason is (SpidVerificationReason.None or SpidVerificationReason.NotYetValid)", "reason is SpidVerificationReason.None")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests", "SpidTokenVerifierTests", "JudgementTests")],
        },
        new("facts/every-caller-refreshes", "A token whose refresh fails is asked about by each request until it is no longer fresh.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/CachedFacts.cs", "now >= refreshAt && Volatile.Read(ref _isRefreshing) == 0 && Interlocked.Exchange(ref _isRefreshing, 1) == 0", "now >= refreshAt && Volatile.Read(ref _isRefreshing) == 0")],
            Detectors = [Detector.Tests(Tests, "FactsCacheTests"), Detector.Schedule("memory/refresh-once")],
        },
        new("store/set-lock", "Values that are set and removed together leave the store with a position that is used twice.")
        {
            Edits =
            [
                new(
                    Store,
                    """
                            lock (_gate)
                            {
                                bool isUsed
                    """,
                    """
                            {
                                bool isUsed
                    """),
            ],
            Detectors = [Detector.Schedule("store/set-remove")],
        },
        new("store/no-second-chance", "A token in use is pushed out by tokens that are used once.")
        {
            Edits = [new(Store, "slot.IsUsed = true;", "")],
            Detectors = [Detector.Tests(Tests, "BoundedStoreTests")],
        },
        new("store/use-forgotten", "A token that is stored again loses the mark of its use.")
        {
            Edits = [new(Store, "new Slot(hash, value, position) { IsUsed = isUsed }", "new Slot(hash, value, position) { IsUsed = isUsed && false }")],
            Detectors = [Detector.Tests(Tests, "BoundedStoreTests")],
        },
        new("store/removes-newer", "The removal of an old value takes a newer one with it.")
        {
            Edits = [new(Store, "if (_slots.TryGetValue(hash, out Slot? slot) && ReferenceEquals(slot.Value, value))", "if (_slots.TryGetValue(hash, out Slot? slot) && value is not null)")],
            Detectors = [Detector.Tests(Tests, "BoundedStoreTests"), Detector.Schedule("store/set-remove")],
        },
    ];
}
