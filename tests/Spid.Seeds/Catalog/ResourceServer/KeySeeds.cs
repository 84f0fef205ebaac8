using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.ResourceServer;

/// <summary>Faults of the key set and its fetches.</summary>
internal static class KeySeeds
{
    private const string State = "src/Spid.ResourceServer/Keys/KeySetState.cs";
    private const string Decide = "src/Spid.ResourceServer/Keys/KeySetState.Decide.cs";
    private const string Snapshot = "src/Spid.ResourceServer/Keys/KeySetSnapshot.cs";
    private const string Unknown = "src/Spid.ResourceServer/Keys/UnknownKeys.cs";
    private const string Backoff = "src/Spid.ResourceServer/Keys/FetchBackoff.cs";
    private const string Tests = "Spid.ResourceServer.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("keys/take-in-two-steps", "The fetch is cleared in a first step and its key set stored in a second one, and between the two another fetch starts.")
        {
            Edits =
            [
                new(
                    State,
                    """
                                _backoff.Succeeded();
                                Volatile.Write(ref _lastError, null);
                                Volatile.Write(ref _snapshot, snapshot);
                                Volatile.Write(ref _current, null);
                            }
                    """,
                    """
                                Volatile.Write(ref _current, null);
                            }

                            lock (_gate)
                            {
                                _backoff.Succeeded();
                                Volatile.Write(ref _lastError, null);
                                Volatile.Write(ref _snapshot, snapshot);
                            }
                    """),
            ],
            Detectors = [Detector.Schedule("keys/rotation-joiners"), Detector.Schedule("keys/early-finder")],
        },
        new("keys/fail-in-two-steps", "The fetch is cleared in a first step and its failure noted in a second one, and between the two another fetch starts.")
        {
            Edits =
            [
                new(
                    State,
                    """
                            lock (_gate)
                            {
                                _backoff.Failed(
                    """,
                    """
                            lock (_gate)
                            {
                                Volatile.Write(ref _current, null);
                            }

                            lock (_gate)
                            {
                                _backoff.Failed(
                    """),
            ],
            Detectors = [Detector.Schedule("keys/failing-fetch"), Detector.Schedule("keys/failing-rotation")],
        },
        new("keys/fetch-kept", "A fetch that has failed stays the current one, and no other one starts.")
        {
            Edits = [new(State, "Volatile.Write(ref _lastError, error);\n            Volatile.Write(ref _current, null);", "Volatile.Write(ref _lastError, error);")],
            Detectors = [Detector.Tests(Tests, "KeySetFetchTests", "KeySetStateTests", "KeySetTests")],
        },
        new("keys/ended-fetch-not-seen", "A fetch that ends between the look of a caller and its decision is not seen, and its key counts as absent.")
        {
            Edits = [new(Decide, "if (snapshot?.Find(keyId) is { } key)", "if (snapshot?.Find(keyId) is { } key && snapshot.Fetch <= started)")],
            Detectors = [Detector.Tests(Tests, "KeySetTests", "KeySetFetchTests", "KeySetStateTests"), Detector.Schedule("keys/early-finder")],
        },
        new("keys/joiners-charged", "A rotation is charged to each request that joins its fetch, and requests with the new key are refused.")
        {
            Edits = [new(Decide, "if (_current is not null)\n            {\n", "if (_current is not null && (snapshot is null || _unknown.WaitFor(keyId, snapshot, now, (long)settings.UnknownKeyInterval.TotalMilliseconds) == TimeSpan.Zero))\n            {\n                _unknown.Take(now, (long)settings.UnknownKeyInterval.TotalMilliseconds);\n")],
            Detectors = [Detector.Tests(Tests, "KeySetTests"), Detector.Schedule("keys/rotation-joiners")],
        },
        new("keys/absent-after-joining", "A key counts as absent after a fetch that began before it was published.")
        {
            Edits = [new(Decide, "if (snapshot?.Fetch > started)", "if (snapshot?.Fetch >= started)")],
            Detectors = [Detector.Tests(Tests, "KeySetTests"), Detector.Schedule("keys/slow-fetch-joiners")],
        },
        new("keys/absent-for-ever", "A key that was absent once is never looked for again.")
        {
            Edits = [new(Unknown, "isAbsent ? snapshot.FetchedAt + interval : now", "isAbsent ? now + interval : now")],
            Detectors = [Detector.Tests(Tests, "UnknownKeysTests")],
        },
        new("keys/absent-unbounded", "Each made-up key id stays in memory.")
        {
            Edits = [new(Unknown, "_asked.Count > MaximumIds", "_asked.Count > 1000 * MaximumIds")],
            Detectors = [Detector.Tests(Tests, "UnknownKeysTests")],
        },
        new("keys/bucket-without-bottom", "Made-up key ids cause a fetch each.")
        {
            Edits = [new(Unknown, "_fullAt = Math.Max(_fullAt, now) + interval;", "_fullAt = Math.Max(_fullAt, now);")],
            Detectors = [Detector.Tests(Tests, "UnknownKeysTests")],
        },
        new("keys/strays-take-all", "Key ids that nobody publishes and that come all the time use up the fetch that a rotation needs.")
        {
            Edits = [new(Unknown, "int needed = isAbsent ? 2 : 1;", "int needed = 1;")],
            Detectors = [Detector.Tests(Tests, "UnknownKeysTests", "KeySetTests")],
        },
        new("keys/no-backoff", "A key set endpoint that fails is asked by each request.")
        {
            Edits = [new(State, "_backoff.Failed(now, Random.Shared.NextDouble(), Usable(now) is not null, error.RetryAfter ?? TimeSpan.Zero);", "")],
            Detectors = [Detector.Tests(Tests, "KeySetStateTests", "KeySetTests")],
        },
        new("keys/long-pause-without-keys", "A service that started during an outage waits up to a minute after it.")
        {
            Edits = [new(Backoff, "hasKeys ? Longest : LongestWithoutKeys", "hasKeys ? Longest : Longest")],
            Detectors = [Detector.Tests(Tests, "FetchBackoffTests")],
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
            Edits = [new(Snapshot, "(0.9 + (0.2 * Random.Shared.NextDouble()))", "1")],
            Detectors = [Detector.Tests(Tests, "KeySetStateTests")],
        },
        new("keys/replaced-on-refresh", "Each refresh of the key set makes all remembered tokens be verified again.")
        {
            Edits = [new(Snapshot, "old?.Find(key.KeyId) is { } known && known.IsSameAs(key) ? known : key", "old?.Find(key.KeyId) is { } known && known.IsSameAs(key) && known == key ? known : key")],
            Detectors = [Detector.Tests(Tests, "KeySetStateTests", "KeySetTests")],
        },
        new("keys/kept-for-ever", "A key set that cannot be refreshed is used without an end.")
        {
            Edits = [new(State, "is { } snapshot && now < snapshot.DropAt ? snapshot : null", "is { } snapshot && now < long.MaxValue ? snapshot : null")],
            Detectors = [Detector.Tests(Tests, "KeySetStateTests", "KeySetTests")],
        },
        new("keys/dropped-on-reload", "A changed option makes a verifier forget its keys, while the key set cannot be fetched.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/SpidTokenVerifier.cs", "previous?.Keys.With(settings) ?? new KeySet(settings, parts)", "new KeySet(settings, parts)")],
            Detectors = [Detector.Tests(Tests, "ReloadedStateTests")],
        },
        new("keys/malformed-spoils-all", "One key of the set that repeats a member makes the others useless.")
        {
            Edits = [new("src/Spid.ResourceServer/Keys/JwksReader.cs", "JsonBody.TryParse(body, Envelope)", "JsonBody.TryParse(body)")],
            Detectors = [Detector.Tests(Tests, "JwksReaderTests")],
        },
        new("keys/dispose-leaves-fetch", "A fetch of the key set goes on after the verifier is disposed.")
        {
            Edits = [new(State, "_lifetime.Cancel();", "")],
            Detectors = [Detector.Schedule("keys/dispose"), Detector.Tests(Tests, "KeySetFetchTests", "KeySetTests")],
        },
    ];
}
