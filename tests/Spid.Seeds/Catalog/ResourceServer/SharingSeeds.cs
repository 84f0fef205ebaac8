using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.ResourceServer;

/// <summary>Faults of the answers that processes share.</summary>
internal static class SharingSeeds
{
    private const string Answers = "src/Spid.ResourceServer/Verification/SharedAnswers.cs";
    private const string Sealed = "src/Spid.ResourceServer/Verification/SealedAnswers.cs";
    private const string Tests = "Spid.ResourceServer.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("shared/evict-without-mark", "An answer that another process was waiting for is shared after its token was evicted.")
        {
            Edits = [new(Answers, "await MarkAsync(store, MarkOfToken(token), cancellationToken).ConfigureAwait(false);", "")],
            Detectors = [Detector.Tests(Tests, "SharedAnswersTests")],
        },
        new("shared/token-mark-ignored", "The mark that an evicted token leaves is not looked at.")
        {
            Edits = [new(Answers, "            || await IsMarkedAsync(store, MarkOfToken(token), answer).ConfigureAwait(false)\n", "")],
            Detectors = [Detector.Tests(Tests, "SharedAnswersTests")],
        },
        new("shared/client-mark-ignored", "The mark that an evicted client leaves is not looked at.")
        {
            Edits = [new(Answers, "await IsMarkedAsync(store, MarkOfClient(client), answer).ConfigureAwait(false)", "client.Length < 0")],
            Detectors = [Detector.Tests(Tests, "SharedAnswersTests")],
        },
        new("shared/unreadable-mark-ignored", "A mark that somebody has tampered with counts as none.")
        {
            Edits = [new(Answers, "(_seal.Open(name, packed) is not { } mark || !IsAfter(answer, mark.AskedAt))", "_seal.Open(name, packed) is { } mark && !IsAfter(answer, mark.AskedAt)")],
            Detectors = [Detector.Tests(Tests, "SharedAnswersTests")],
        },
        new("shared/mark-ends-early", "A mark is gone while answers from before it may still be used.")
        {
            Edits = [new(Answers, "settings.Cache.MaximumAge + (2 * settings.ClockSkew), cancellationToken)", "settings.Cache.MaximumAge, cancellationToken)")],
            Detectors = [Detector.Tests(Tests, "SharedAnswersTests")],
        },
        new("shared/outage-ignored", "What could not be removed from the store during an outage is used after it.")
        {
            Edits = [new(Answers, "now < answer.GoodUntil && IsAfter(answer, _store.OutageEndsAt) &&", "now < answer.GoodUntil &&")],
            Detectors = [Detector.Tests(Tests, "SharedAnswersTests")],
        },
        new("shared/future-answer", "An answer from a clock that is ahead serves for longer than it may.")
        {
            Edits = [new(Answers, "&& answer.AskedAt - now <= settings.ClockSkew", "")],
            Detectors = [Detector.Tests(Tests, "SharedAnswersTests")],
        },
        new("shared/age-begins-again", "An answer serves for its whole time again in each process that takes it.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/FactsCache.cs", "life = facts.GoodFor is { } goodFor ? Shorter(goodFor, life) : life;", "")],
            Detectors = [Detector.Tests(Tests, "SharedAnswersTests")],
        },
        new("shared/name-not-sealed", "A value opens under the name of another token.")
        {
            Edits =
            [
                new(Sealed, "packed.AsSpan(1 + NonceSize, TagSize), Encoding.ASCII.GetBytes(name));", "packed.AsSpan(1 + NonceSize, TagSize));"),
                new(Sealed, "plain, Encoding.ASCII.GetBytes(name));", "plain);"),
            ],
            Detectors = [Detector.Tests(Tests, "SealedAnswersTests", "SharedAnswersTests")],
        },
        new("shared/scheme-not-sealed", "Verifiers with the same credentials read each other's answers.")
        {
            Edits = [new(Sealed, "$\"{settings.Name}\\n{settings.IntrospectionEndpoint.AbsoluteUri}", "$\"{settings.IntrospectionEndpoint.AbsoluteUri}")],
            Detectors = [Detector.Tests(Tests, "SealedAnswersTests", "SharedAnswersTests")],
        },
        new("shared/kinds-mixed", "The names of tokens and of clients are made alike, so a token with the text of a client id meets its mark.")
        {
            Edits = [new(Sealed, "Encoding.UTF8.GetBytes($\"{kind}\\n{text}\")", "Encoding.UTF8.GetBytes($\"{(kind.StartsWith('e') ? \"evicted\" : kind)}\\n{text}\")")],
            Detectors = [Detector.Tests(Tests, "SealedAnswersTests", "SharedAnswersTests")],
        },
    ];
}
