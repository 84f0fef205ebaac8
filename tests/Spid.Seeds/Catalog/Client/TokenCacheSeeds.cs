using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.Client;

/// <summary>Faults of the cache, of its key, and of the client that owns it.</summary>
internal static class TokenCacheSeeds
{
    private const string Cache = "src/Spid.Client/Tokens/TokenCache.cs";
    private const string Client = "src/Spid.Client/Tokens/TokenClient.cs";
    private const string Request = "src/Spid.Client/TokenRequest.cs";
    private const string Tests = "Spid.Client.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("cache/add-lock", "Callers that ask for a new request together get an entry each, because Add takes no lock.")
        {
            Edits =
            [
                new(
                    Cache,
                    """
                            lock (_gate)
                            {
                                if (!_held.TryGetValue(effective, out TokenEntry? entry))
                                {
                                    entry = Find(effective);
                    """,
                    """
                            {
                                if (!_held.TryGetValue(effective, out TokenEntry? entry))
                                {
                                    entry = Find(effective);
                    """),
            ],
            Detectors = [Detector.Schedule("token/hold-get"), Detector.Schedule("token/two-keys")],
        },
        new("cache/hold-lock", "A handler that is set up while its token is asked for gets an entry of its own, because Hold takes no lock.")
        {
            Edits =
            [
                new(
                    Cache,
                    """
                            lock (_gate)
                            {
                                if (!_held.TryGetValue(effective, out TokenEntry? entry))
                                {
                                    entry = Find(effective) ??
                    """,
                    """
                            {
                                if (!_held.TryGetValue(effective, out TokenEntry? entry))
                                {
                                    entry = Find(effective) ??
                    """),
            ],
            Detectors = [Detector.Schedule("token/hold-get")],
        },
        new("cache/pin", "An entry that is evicted while its fetch runs gets a twin, which fetches once more.")
        {
            Edits = [new("src/Spid.Client/Tokens/TokenEntry.Fetch.cs", "Cache.Pin(this)", "_ = this")],
            Detectors = [Detector.Tests(Tests, "TokenCacheTests"), Detector.Schedule("token/two-keys")],
        },
        new("cache/twin-fetches", "An entry that is evicted before its fetch is pinned fetches beside the one that took its place.")
        {
            Edits = [new(Cache, "_fetching.GetOrAdd(entry.Request, entry);", "_fetching.GetOrAdd(entry.Request, entry) is null ? entry : entry;")],
            Detectors = [Detector.Tests(Tests, "TokenCacheTests"), Detector.Schedule("token/two-keys")],
        },
        new("cache/no-room", "A full cache drops the newcomer, which is then fetched for every call.")
        {
            Edits = [new(Cache, "_entries.Compact(Math.Max(0.05, 1.5 / Settings.Cache.MaximumEntries));", "")],
            Detectors = [Detector.Tests(Tests, "TokenCacheTests")],
        },
        new("cache/key-without-resources", "Requests that differ in their resources share a token.")
        {
            Edits =
            [
                new(Request, "        && _resources.AsSpan().SequenceEqual(other._resources)\n", ""),
                new(Request, "            hash.Add(resource);\n", ""),
            ],
            Detectors = [Detector.Tests(Tests, "TokenRequestTests", "CrossTalkTests")],
        },
        new("cache/key-without-parameters", "Requests that differ in the values of their extra parameters share a token.")
        {
            Edits =
            [
                new(Request, "_parameters[index].Key == other._parameters[index].Key && _parameters[index].Value == other._parameters[index].Value", "_parameters[index].Key == other._parameters[index].Key"),
                new(Request, "            hash.Add(parameter.Value);\n", ""),
            ],
            Detectors = [Detector.Tests(Tests, "TokenRequestTests", "FailureAcceptanceTests", "CrossTalkTests")],
        },
        new("client/apply-without-swap", "Of two changes of the options the earlier one can win, and a disposed client comes back to life.")
        {
            Edits =
            [
                new(
                    Client,
                    "if (Interlocked.CompareExchange(ref _cache, changed, current) == current)",
                    "if (Interlocked.Exchange(ref _cache, changed) is not null)"),
            ],
            Detectors = [Detector.Tests(Tests, "Tokens.TokenClientTests"), Detector.Schedule("client/dispose-apply"), Detector.Schedule("client/apply-apply")],
        },
        new("client/disposed-source", "A change of the options while the client is disposed throws.")
        {
            Edits = [new(Client, "_parts, _telemetry, _lifetimeToken);", "_parts, _telemetry, _lifetime.Token);")],
            Detectors = [Detector.Tests(Tests, "Tokens.TokenClientTests"), Detector.Schedule("client/dispose-apply")],
        },
        new("client/dispose-twice", "A client that two threads dispose of at once disposes of its parts twice.")
        {
            Edits =
            [
                new(
                    Client,
                    "if (Interlocked.Exchange(ref _cache, null) is not { } cache)",
                    "TokenCache? cache = Volatile.Read(ref _cache);\n        Volatile.Write(ref _cache, null);\n        if (cache is null)"),
            ],
            Detectors = [Detector.Schedule("client/dispose")],
        },
        new("client/dispose-leaves-fetches", "Callers that wait for a token when the client is disposed wait for its timeout.")
        {
            Edits = [new(Client, "_lifetime.Cancel();", "")],
            Detectors = [Detector.Schedule("client/dispose"), Detector.Tests(Tests, "DisposalTests")],
        },
    ];
}
