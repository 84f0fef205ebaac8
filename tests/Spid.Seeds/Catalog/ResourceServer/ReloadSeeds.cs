using Spid.Seeds.Detectors;

namespace Spid.Seeds.Catalog.ResourceServer;

/// <summary>Faults of a verifier whose options change.</summary>
internal static class ReloadSeeds
{
    private const string Reloading = "src/Spid.ResourceServer/DependencyInjection/ReloadingVerifier.cs";
    private const string Follower = "src/Spid.Wire/OptionsFollower.cs";
    private const string Tests = "Spid.ResourceServer.Tests";

    public static IReadOnlyList<Seed> All { get; } =
    [
        new("reload/old-options-kept", "A change of the options makes a verifier that is never used.")
        {
            Edits = [new(Reloading, "Volatile.Write(ref _current, changed);", "_ = changed;")],
            Detectors = [Detector.Tests(Tests, "ReloadingVerifierTests")],
        },
        new("reload/change-before-subscription", "A change of the options before the subscription to changes is lost.")
        {
            Edits =
            [
                new(
                    Follower,
                    """
                            // A change between the first look at the options and the subscription would be missed.
                            _update.Run();
                    """,
                    ""),
            ],
            Detectors = [Detector.Tests(Tests, "ReloadingVerifierTests")],
        },
        new("reload/change-of-list-missed", "A change of the audiences alone is not seen as a change.")
        {
            Edits = [new("src/Spid.ResourceServer/Settings/VerifierSettings.cs", "        && Audiences.SequenceEqual(other.Audiences, StringComparer.Ordinal)\n", "")],
            Detectors = [Detector.Tests(Tests, "ReloadingVerifierTests")],
        },
        new("reload/pauses-forgotten", "A change of the options ends the pause that SPiD has asked for.")
        {
            Edits = [new("src/Spid.ResourceServer/Verification/SpidTokenVerifier.cs", "previous?.Introspection.With(settings) ?? new IntrospectionClient(settings, parts)", "new IntrospectionClient(settings, parts)")],
            Detectors = [Detector.Tests(Tests, "ReloadedStateTests")],
        },
        new("reload/old-verifier-ends-requests", "A change of the options ends the requests that are under way.")
        {
            Edits = [new(Reloading, "old.Retire(changed);", "old.Dispose();")],
            Detectors = [Detector.Tests(Tests, "ReloadingVerifierTests", "TokenLookUpTests"), Detector.Schedule("verifier/reload-verify")],
        },
    ];
}
