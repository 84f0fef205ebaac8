using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.ResourceServer;

/// <summary>Faults of the key set and its fetches.</summary>
internal static class KeySeeds
{
    private const string Set = "src/Spid.ResourceServer/Keys/KeySet.cs";
    private const string Fetch = "src/Spid.ResourceServer/Keys/KeySetFetch.cs";
    private const string State = "src/Spid.ResourceServer/Keys/KeySetState.cs";
    private const string Unknown = "src/Spid.ResourceServer/Keys/UnknownKeys.cs";
    private const string Backoff = "src/Spid.ResourceServer/Keys/FetchBackoff.cs";
    private const string Tests = "Spid.ResourceServer.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("keys/take-outside-lock", "A caller sees the new key set without the end of its fetch, and joins that fetch later.")
        {
            Edits =
            [
                new(
                    Fetch,
                    """
                                lock (_gate)
                                {
                                    state.Take(answer);
                                    _current = null;
                    """,
                    """
                                state.Take(answer);
                                lock (_gate)
                                {
                                    _current = null;
                    """),
            ],
            Detectors = [Detector.Schedule("keys/rotation-joiners")],
        },
        new("keys/fetch-kept", "A fetch that has failed stays the current one while it is reported, and later callers join its failure.")
        {
            Edits = [new(Fetch, "state.Fail(exception);\n                _current = null;", "state.Fail(exception);")],
            Detectors = [Detector.Tests(Tests, "KeySetFetchTests", "KeySetTests")],
        },
        new("keys/ended-fetch-not-seen", "A fetch that ends between the look of a caller and its decision is followed by another one.")
        {
            Edits = [new(Fetch, "if (state.Attempts != seen)", "if (state.Attempts < seen)")],
            Detectors = [Detector.Tests(Tests, "KeySetFetchTests", "KeySetTests")],
        },
        new("keys/joiners-charged", "A rotation is charged to each request that joins its fetch, and requests with the new key are refused.")
        {
            Edits = [new(Set, "if (_fetch.IsUnderWay || _unknown.TryTake(now, out wait))", "if (_unknown.TryTake(now, out wait))")],
            Detectors = [Detector.Tests(Tests, "KeySetTests")],
        },
        new("keys/absent-after-joining", "A key counts as absent after a fetch that began before it was published.")
        {
            Edits = [new(Set, "if (began)", "if (began || error is null)")],
            Detectors = [Detector.Tests(Tests, "KeySetTests")],
        },
        new("keys/absent-for-ever", "A key that was absent once is never looked for again.")
        {
            Edits = [new(Unknown, "return _absent.TryGetValue(keyId, out long until) && now < until;", "return _absent.ContainsKey(keyId) && now > long.MinValue;")],
            Detectors = [Detector.Tests(Tests, "UnknownKeysTests")],
        },
        new("keys/absent-unbounded", "Each made-up key id stays in memory.")
        {
            Edits = [new(Unknown, "if (_order.Count > MaximumIds)", "if (_order.Count > 1000 * MaximumIds)")],
            Detectors = [Detector.Tests(Tests, "UnknownKeysTests")],
        },
        new("keys/bucket-without-bottom", "Made-up key ids cause a fetch each.")
        {
            Edits = [new(Unknown, "_emptiedBy = fullAt + interval;", "_emptiedBy = fullAt;")],
            Detectors = [Detector.Tests(Tests, "UnknownKeysTests")],
        },
        new("keys/no-backoff", "A key set endpoint that fails is asked by each request.")
        {
            Edits = [new(State, "_backoff.Failed(clock.Now, Random.Shared.NextDouble(), error.RetryAfter ?? TimeSpan.Zero);", "")],
            Detectors = [Detector.Tests(Tests, "KeySetStateTests", "KeySetTests")],
        },
        new("keys/retry-after", "The Retry-After of the key set endpoint is ignored.")
        {
            Edits = [new(Backoff, "Math.Max(wish, pause * (0.5 + (random / 2)))", "(0 * wish) + (pause * (0.5 + (random / 2)))")],
            Detectors = [Detector.Tests(Tests, "FetchBackoffTests", "KeySetTests")],
        },
        new("keys/backoff-without-jitter", "All processes ask the failing key set endpoint at the same moment.")
        {
            Edits = [new(Backoff, "pause * (0.5 + (random / 2))", "pause * (1 + (0 * random))")],
            Detectors = [Detector.Tests(Tests, "FetchBackoffTests")],
        },
        new("keys/refresh-without-jitter", "All processes refresh the key set at the same moment.")
        {
            Edits = [new(State, "(0.9 + (0.2 * Random.Shared.NextDouble()))", "1")],
            Detectors = [Detector.Tests(Tests, "KeySetStateTests")],
        },
        new("keys/replaced-on-refresh", "Each refresh of the key set makes all remembered tokens be verified again.")
        {
            Edits = [new(State, "old?.Find(key.KeyId) is { } known && known.IsSameAs(key) ? known : key", "old?.Find(key.KeyId) is { } known && known.IsSameAs(key) && known == key ? known : key")],
            Detectors = [Detector.Tests(Tests, "KeySetStateTests", "KeySetTests")],
        },
        new("keys/kept-for-ever", "A key set that cannot be refreshed is used without an end.")
        {
            Edits = [new(State, "is { } snapshot && now < snapshot.DropAt ? snapshot : null", "is { } snapshot && now < long.MaxValue ? snapshot : null")],
            Detectors = [Detector.Tests(Tests, "KeySetStateTests", "KeySetTests")],
        },
        new("keys/dispose-leaves-fetch", "A fetch of the key set goes on after the verifier is disposed.")
        {
            Edits = [new(Fetch, "_lifetime.Cancel();", "")],
            Detectors = [Detector.Tests(Tests, "KeySetFetchTests", "KeySetTests"), Detector.Schedule("keys/dispose")],
        },
    ];
}
