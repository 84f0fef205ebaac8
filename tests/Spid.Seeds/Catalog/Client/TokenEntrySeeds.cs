using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.Client;

/// <summary>Faults of the shared fetch and of the token it leaves behind.</summary>
internal static class TokenEntrySeeds
{
    private const string Entry = "src/Spid.Client/Tokens/TokenEntry.cs";
    private const string Fetch = "src/Spid.Client/Tokens/TokenEntry.Fetch.cs";
    private const string Deadline = "src/Spid.Client/Tokens/RefreshDeadline.cs";
    private const string Reporter = "src/Spid.Client/Tokens/FetchReporter.cs";
    private const string Moment = "src/Spid.Client/Tokens/Moment.cs";
    private const string Cached = "src/Spid.Client/Tokens/CachedToken.cs";
    private const string TokenFetchFile = "src/Spid.Client/Tokens/TokenFetch.cs";
    private const string Fetcher = "src/Spid.Client/Tokens/TokenFetcher.cs";
    private const string Tests = "Spid.Client.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("token/start-lock", "Callers that arrive together start a fetch each, because StartOrJoin takes no lock.")
        {
            Edits =
            [
                new(
                    Fetch,
                    """
                            lock (_gate)
                            {
                                Moment now = Cache.TokenClock.Now;
                    """,
                    """
                            {
                                Moment now = Cache.TokenClock.Now;
                    """),
            ],
            Detectors = [Detector.Schedule("token/get-get"), Detector.Schedule("token/get-renew")],
        },
        new("token/end-lock", "A caller sees the new token without the end of its fetch, because End takes no lock.")
        {
            Edits =
            [
                new(
                    Fetch,
                    """
                            lock (_gate)
                            {
                                bool isSuperseded
                    """,
                    """
                            {
                                bool isSuperseded
                    """),
            ],
            Detectors = [Detector.Schedule("token/get-renew"), Detector.Schedule("token/get-get")],
        },
        new("token/end-order", "The fetch is cleared in a first step and the token stored in a second one, and between the two another fetch starts.")
        {
            Edits =
            [
                new(Fetch, "Volatile.Write(ref _fetch, null);", ""),
                new(
                    Fetch,
                    """
                            lock (_gate)
                            {
                                bool isSuperseded
                    """,
                    """
                            lock (_gate)
                            {
                                Volatile.Write(ref _fetch, null);
                            }

                            lock (_gate)
                            {
                                bool isSuperseded
                    """),
            ],
            Detectors = [Detector.Schedule("token/get-get"), Detector.Schedule("token/get-renew")],
        },
        new("token/flight-kept", "A fetch that has ended is never cleared, so no token is fetched again.")
        {
            Edits = [new(Fetch, "Volatile.Write(ref _fetch, null);", "")],
            Detectors = [Detector.Tests(Tests, "Tokens.TokenClientTests", "TokenEntryModelTests")],
        },
        new("token/caller-cancels-all", "The cancellation of the caller that started the shared fetch ends it for all who wait.")
        {
            Edits =
            [
                new(Entry, "StartOrJoin(reason, rejected).WaitAsync(cancellationToken)", "StartOrJoin(reason, rejected, cancellationToken).WaitAsync(cancellationToken)"),
                new(Fetch, "private Task<FetchOutcome> StartOrJoin(FetchReason reason, ServerToken? rejected = null)", "private Task<FetchOutcome> StartOrJoin(FetchReason reason, ServerToken? rejected = null, CancellationToken cancellationToken = default)"),
                new(Fetch, "static state => state.Entry.RunFetch(state.Fetcher, state.Cause, state.Deadline, state.Completion),", "state => state.Entry.RunFetch(state.Fetcher, state.Cause, state.Deadline, state.Completion, cancellationToken),"),
                new(Fetch, "RunFetch(TokenFetcher fetcher, FetchCause cause, RefreshDeadline? deadline, TaskCompletionSource<FetchOutcome> completion)", "RunFetch(TokenFetcher fetcher, FetchCause cause, RefreshDeadline? deadline, TaskCompletionSource<FetchOutcome> completion, CancellationToken cancellationToken)"),
                new(Fetch, "Prepare(Request, cause, deadline, Cache.Lifetime)", "Prepare(Request, cause, deadline, cancellationToken.CanBeCanceled ? cancellationToken : Cache.Lifetime)"),
            ],
            Detectors = [Detector.Tests(Tests, "CancellationTests", "CacheAcceptanceTests"), Detector.Schedule("token/cancel")],
        },
        new("token/context-flows", "The activity and the scopes of the caller that started the shared fetch reach into it.")
        {
            Edits = [new(Fetch, "ThreadPool.UnsafeQueueUserWorkItem(", "ThreadPool.QueueUserWorkItem(")],
            Detectors = [Detector.Tests(Tests, "ClientTelemetryTests")],
        },
        new("token/life-from-answer", "The life of a token is counted from the answer and not from the request, so it is used after its expiry.")
        {
            Edits = [new(Fetcher, "CreateToken(fetch.Request, answer, requestedAt)", "CreateToken(fetch.Request, answer, parts.TokenClock.Now)")],
            Detectors = [Detector.Tests(Tests, "Tokens.TokenClientTests", "TokenEntryModelTests")],
        },
        new("token/expired-served", "A token whose life is over is served while SPiD fails.")
        {
            Edits = [new(Entry, "if (age < current.Lifetime)", "if (age < current.Lifetime || IsFailing)")],
            Detectors = [Detector.Tests(Tests, "FailureAcceptanceTests", "OutageTests", "TokenEntryModelTests")],
        },
        new("token/expired-after-failure", "A caller whose fetch failed gets a token whose life is over.")
        {
            Edits = [new(Fetch, "Volatile.Write(ref _current, null);", ""), new(Entry, "return outcome.Token ?? throw Failed(outcome);", "return outcome.Token ?? Volatile.Read(ref _current)?.Token ?? throw Failed(outcome);")],
            Detectors = [Detector.Tests(Tests, "FailureAcceptanceTests", "OutageTests", "TokenEntryModelTests"), Detector.Schedule("token/get-expire")],
        },
        new("token/margin", "The refresh of a token can be due as late as its expiry, because the margin is left out.")
        {
            Edits = [new(Cached, "Math.Min(life * settings.RefreshAfter * jitter, life - margin)", "Math.Min(life * settings.RefreshAfter * jitter, life + (0 * margin))")],
            Detectors = [Detector.Tests(Tests, "CachedTokenTests")],
        },
        new("token/last-moments-wait", "Callers wait for a new token although the old one lives for half a minute more.")
        {
            Edits = [new(Entry, "if (age < current.Lifetime)", "if (age < current.Lifetime - 30_000)")],
            Detectors = [Detector.Tests(Tests, "RefreshDeadlineTests", "Tokens.TokenClientTests")],
        },
        new("token/unbounded-attempt", "One stalled attempt at a refresh uses up the time that the old token has left.")
        {
            Edits = [new(Deadline, "return part < value ? part : value;", "return part < TimeSpan.Zero ? part : value;")],
            Detectors = [Detector.Tests(Tests, "RefreshDeadlineTests", "FlappingTests")],
        },
        new("token/jitter", "All processes refresh their tokens at the same moment, because the refresh point has no jitter.")
        {
            Edits = [new(Cached, "double jitter = 1 + (settings.RefreshJitter * ((2 * random) - 1));", "double jitter = 1 + (0 * random);")],
            Detectors = [Detector.Tests(Tests, "CachedTokenTests", "Tokens.TokenClientTests")],
        },
        new("token/unbounded-life", "The stated lifetime is believed although the token itself says that it expires earlier.")
        {
            Edits = [new(Fetcher, "JwtTimes.BoundLifetime(answer.AccessToken, stated, requestedOn)", "stated")],
            Detectors = [Detector.Tests(Tests, "Tokens.TokenClientTests", "JwtTimesTests")],
        },
        new("token/suspended", "A token is served after its expiry, because the monotonic clock stood still while the machine was suspended.")
        {
            Edits = [new(Moment, "Math.Max(Monotonic - earlier.Monotonic, Wall - earlier.Wall)", "Monotonic - earlier.Monotonic")],
            Detectors = [Detector.Tests(Tests, "ClockTests")],
        },
        new("token/wall-clock-set-back", "A wall clock that is set back makes tokens younger.")
        {
            Edits = [new(Moment, "Math.Max(Monotonic - earlier.Monotonic, Wall - earlier.Wall)", "Wall - earlier.Wall")],
            Detectors = [Detector.Tests(Tests, "ClockTests")],
        },
        new("token/dead-revived", "A token that was found dead is served again once the wall clock has been set back.")
        {
            Edits = [new(Fetch, "Volatile.Write(ref _current, null);", "")],
            Detectors = [Detector.Tests(Tests, "ClockTests")],
        },
        new("token/life-by-local-clock", "The life of a JWT is measured by the local clock, which may be wrong.")
        {
            Edits = [new("src/Spid.Client/Protocol/JwtTimes.cs", "issued < exp ? exp - issued.Value : ", "")],
            Detectors = [Detector.Tests(Tests, "JwtTimesTests", "ClockTests")],
        },
        new("token/turns-begin-anew", "Each change of MaximumConcurrency lets as many requests go as if none were under way.")
        {
            Edits = [new("src/Spid.Wire/Turns.cs", "int missing = changed - _limit - _withdrawn;", "int missing = changed;")],
            Detectors = [Detector.Tests("Spid.Client.Tests", "TurnsTests")],
        },
        new("token/no-turns", "However many tokens are asked for, the requests all go out at once.")
        {
            Edits = [new(Fetcher, "new Turns(settings.Resilience.MaximumConcurrency), clientFailures)", "new Turns(int.MaxValue), clientFailures)")],
            Detectors = [Detector.Tests(Tests, "ConcurrencyTests")],
        },
        new("token/timeout-waits-for-application", "A handler or strategy of the application that blocks holds the callers beyond the total timeout.")
        {
            Edits = [new(TokenFetchFile, "if (_ended.TrySetResult(end))", "if (!_ended.Task.IsCompleted)")],
            Detectors = [Detector.Tests(Tests, "ForeignCodeTests")],
        },
        new("token/logged", "The beginning of the token stands in the log.")
        {
            Edits = [new(Reporter, "Log.TokenObtained(parts.Logger, settings.Name,", "Log.TokenObtained(parts.Logger, token.Token.AccessToken[..8],")],
            Detectors = [Detector.Tests(Tests, "CanaryTests")],
        },
        new("token/printed", "The text form of a token shows the token.")
        {
            Edits = [new("src/Spid.Client/ServerToken.cs", "$\"ServerToken {{ ExpiresAt = ", "$\"ServerToken {{ AccessToken = {AccessToken}, ExpiresAt = ")],
            Detectors = [Detector.Tests(Tests, "RedactionTests")],
        },
    ];
}
