using Spid.ResourceServer.Keys;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Keys;

internal static class SlowFetchJoiners
{
    public static Scenario Scenario { get; } = new(
        "keys/slow-fetch-joiners", "A fetch that began before a key was published never tells its finders that there is no such key.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new VerifierRig();
        using KeySet keys = rig.CreateKeySet();
        await keys.FindAsync(VerifierRig.FirstKey, CancellationToken.None);

        Task<KeyLookup> madeUp = Task.Run(async () => await keys.FindAsync("made-up", CancellationToken.None));
        Task<KeyLookup> one = PublishAndFindAsync(rig, keys);
        Task<KeyLookup> two = PublishAndFindAsync(rig, keys);
        await Guarantee.AllEnd(madeUp, one, two);

        // The made-up id takes one fetch of the two at most.
        Guarantee.That(one.Result.Key is not null && two.Result.Key is not null, $"a published key was not found: {one.Result}, {two.Result}");
        Guarantee.That(madeUp.Result == KeyLookup.Absent, $"two fetches are allowed and a made-up id was not told apart: {madeUp.Result}");
        Guarantee.That(rig.Spid.KeyFetches is { Count: 2 or 3, MostAtOnce: 1 }, $"{rig.Spid.KeyFetches.Count} fetches, {rig.Spid.KeyFetches.MostAtOnce} at once");
    }

    private static Task<KeyLookup> PublishAndFindAsync(VerifierRig rig, KeySet keys) => Task.Run(async () =>
    {
        rig.Publish(VerifierRig.FirstKey, "second");
        return await keys.FindAsync("second", CancellationToken.None);
    });
}
