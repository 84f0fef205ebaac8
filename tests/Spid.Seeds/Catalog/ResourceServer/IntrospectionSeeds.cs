using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.ResourceServer;

/// <summary>Faults of what bounds the calls to the introspection endpoint.</summary>
internal static class IntrospectionSeeds
{
    private const string Bounds = "src/Spid.ResourceServer/Introspection/IntrospectionBounds.cs";
    private const string Gate = "src/Spid.ResourceServer/Introspection/IntrospectionGate.cs";
    private const string Health = "src/Spid.ResourceServer/Introspection/IntrospectionHealth.cs";
    private const string Call = "src/Spid.ResourceServer/Introspection/IntrospectionCall.cs";
    private const string Answer = "src/Spid.ResourceServer/Introspection/TokenStatusAnswer.cs";
    private const string Probe = "src/Spid.ResourceServer/Introspection/CredentialsProbe.cs";
    private const string Tests = "Spid.ResourceServer.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("introspection/turn-leaked", "A call that fails never gives its turn back.")
        {
            Edits =
            [
                new(Bounds, "return FindObstacle() ?? await SendAsync(", "IntrospectionOutcome outcome = FindObstacle() ?? await SendAsync("),
                new(Bounds, "linked.Token, callerToken).ConfigureAwait(false);\n        }\n        finally", "linked.Token, callerToken).ConfigureAwait(false);\n            _gate.Leave();\n            return outcome;\n        }\n        finally"),
                new(Bounds, "        finally\n        {\n            _gate.Leave();\n        }\n", "        finally\n        {\n        }\n"),
            ],
            Detectors = [Detector.Tests(Tests, "IntrospectionBoundsTests")],
        },
        new("introspection/place-leaked", "A caller that gives up while it waits for its turn keeps its place in the queue.")
        {
            Edits = [new(Gate, "        catch\n        {\n            Interlocked.Decrement(ref _inside);\n", "        catch\n        {\n")],
            Detectors = [Detector.Tests(Tests, "IntrospectionGateTests")],
        },
        new("introspection/place-leaked-when-full", "A caller that is turned away keeps its place in the queue.")
        {
            Edits = [new(Gate, "            Interlocked.Decrement(ref _inside);\n            return false;", "            return false;")],
            Detectors = [Detector.Tests(Tests, "IntrospectionGateTests")],
        },
        new("introspection/waiters-ignore-pause", "Calls that wait for their turn go on although SPiD has asked for a pause meanwhile.")
        {
            Edits = [new(Bounds, "return FindObstacle() ?? await SendAsync(", "return await SendAsync(")],
            Detectors = [Detector.Tests(Tests, "IntrospectionBoundsTests")],
        },
        new("introspection/retry-after", "The Retry-After of the introspection endpoint is ignored.")
        {
            Edits = [new(Health, "settings.Introspection.BreakDuration : error.RetryAfter;", "settings.Introspection.BreakDuration : null;")],
            Detectors = [Detector.Tests(Tests, "IntrospectionClientTests")],
        },
        new("introspection/pause-shortened", "A failure with a shorter pause ends a longer one.")
        {
            Edits = [new("src/Spid.ResourceServer/Introspection/IntrospectionPause.cs", "if (_until is null || _until.Time < next.Time)", "if (_until is null || next.Time > 0)")],
            Detectors = [Detector.Tests(Tests, "IntrospectionPauseTests")],
        },
        new("introspection/pause-lock", "Of pauses that begin side by side the shorter one can win, because Begin takes no lock.")
        {
            Edits =
            [
                new(
                    "src/Spid.ResourceServer/Introspection/IntrospectionPause.cs",
                    """
                            lock (_gate)
                            {
                    """,
                    """
                            {
                    """),
            ],
            Detectors = [Detector.Schedule("introspection/pause-pause")],
        },
        new("introspection/given-up-call-ends-break", "A call that its caller gives up ends the break of the circuit breaker.")
        {
            Edits = [new("src/Spid.ResourceServer/Introspection/IntrospectionBreaker.cs", "OperationCanceledException => IsTesting,", "OperationCanceledException => false,")],
            Detectors = [Detector.Tests(Tests, "IntrospectionClientTests")],
        },
        new("introspection/search-during-an-outage", "While SPiD is left alone, each token begins a search that finds that out.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/FactFinder.cs", "search.Route == Route.Local ? null : remote.FindObstacle(search);", "null;")],
            Detectors = [Detector.Tests(Tests, "OutageTests")],
        },
        new("introspection/outage-hides-shared-answers", "While SPiD is left alone, what another process was told of a token is not looked for.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/RemoteFinder.cs", "=> shared is null && introspection.FindObstacle", "=> introspection.FindObstacle")],
            Detectors = [Detector.Tests(Tests, "OutageTests")],
        },
        new("introspection/all-test-after-a-break", "After a break each call runs into the circuit breaker while one shows whether the endpoint works again.")
        {
            Edits = [new(Bounds, "_ => _breaker.IsTesting ? IntrospectionOutcome.NotAsked(SpidVerificationReason.CircuitOpen) : null,", "_ => null,")],
            Detectors = [Detector.Tests(Tests, "OutageTests")],
        },
        new("introspection/blocked-thread", "A handler that holds its thread holds the callers too.")
        {
            Edits = [new("src/Spid.Wire/Exchange.cs", "if (UsesOtherThread)", "if (UsesOtherThread && Limit < 0)")],
            Detectors = [Detector.Tests(Tests, "BlockedThreadTests")],
        },
        new("introspection/remote-takes-any-header", "Where SPiD is asked about all tokens, the header of a JWT is not looked at.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/Router.cs", "if (!header.IsSupported)", "if (!header.IsSupported && settings.Mode != SpidVerificationMode.Remote)")],
            Detectors = [Detector.Tests(Tests, "RouterTests")],
        },
        new("introspection/look-up-without-a-name", "The client of the look-up is measured under the name of the default client.")
        {
            Edits = [new("src/Spid.ResourceServer/Introspection/TokenLookUp.cs", "name: $\"{_settings.Name} look-up\".TrimStart());", "name: \"\");")],
            Detectors = [Detector.Tests(Tests, "LookUpClientTests")],
        },
        new("introspection/one-token-stops-all", "A token that the endpoint refuses to look at counts as a refusal of this service's credentials.")
        {
            Edits = [new(Answer, "SpidErrorKind.Configuration => status != HttpStatusCode.Unauthorized && !OAuthErrors.RefusesCredentials(exception.OAuthError),", "SpidErrorKind.Configuration => status is not (HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden),")],
            Detectors = [Detector.Tests(Tests, "OneTokensAnswerTests")],
        },
        new("introspection/unreadable-answer-counted", "An answer about one token that cannot be read is counted by the circuit breaker.")
        {
            Edits = [new(Answer, "SpidErrorKind.Protocol => true,", "SpidErrorKind.Protocol => (int)status is not 200,")],
            Detectors = [Detector.Tests(Tests, "OneTokensAnswerTests")],
        },
        new("introspection/refused-without-probe", "A 403 without a code counts as a refusal of the credentials although the made-up token is refused for its form.")
        {
            Edits = [new(Probe, "if (answer is { LeavesCredentialsInDoubt: true, Fault: { } fault })", "if (answer.Fault is { } fault)")],
            Detectors = [Detector.Tests(Tests, "CredentialsProbeTests")],
        },
        new("introspection/probe-believed-again", "A probe that has been disproved pauses all calls again.")
        {
            Edits = [new(Probe, "            _isConclusive &= !_hasConcluded;\n", "")],
            Detectors = [Detector.Tests(Tests, "CredentialsProbeTests")],
        },
        new("introspection/fault-not-remembered", "A token that has no usable answer is asked about with each request.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/TokenMemory.cs", "            if (finding.IsFinal)", "            if (finding is { IsFinal: true, IsUnavailable: false })")],
            Detectors = [Detector.Tests(Tests, "OneTokensAnswerTests")],
        },
        new("introspection/self-test-pauses", "The self test begins the pause that SPiD asked for.")
        {
            Edits = [new(Probe, "catch (SpidException exception) when (exception.Kind == SpidErrorKind.Configuration)", "catch (SpidException exception) when (exception.Kind != SpidErrorKind.Protocol)")],
            Detectors = [Detector.Tests(Tests, "SpidTokenVerifierServiceCollectionExtensionsTests")],
        },
        new("introspection/token-traced", "The token stands in the activity of its introspection.")
        {
            Edits = [new(Call, "span.SetOutcome(outcome);", "span.SetOutcome(outcome + token);")],
            Detectors = [Detector.Tests("Spid.AspNetCore.Tests", "SecretsTests")],
        },
        new("introspection/revoked-still-shared", "A token that SPiD calls inactive stays in the shared store.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/RemoteFinder.cs", "if (shared is not null && search.IsRefresh && outcome.Answer is { IsActive: false })", "if (shared is not null && search.IsRefresh && outcome.Answer is { IsActive: false, Claims: not null })")],
            Detectors = [Detector.Tests(Tests, "SharedAnswersTests")],
        },
    ];
}
