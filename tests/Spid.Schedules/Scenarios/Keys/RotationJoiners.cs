using Spid.ResourceServer.Keys;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Keys;

internal static class RotationJoiners
{
    public static Scenario Scenario { get; } = new(
        "keys/rotation-joiners", "Right after a rotation every finder of the new key gets it, and each fetch is charged once, made-up ids beside them or not.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new VerifierRig();
        using KeySet keys = rig.CreateKeySet();
        await keys.FindAsync(VerifierRig.FirstKey, CancellationToken.None);
        rig.Publish(VerifierRig.FirstKey, "second");

        Task<KeyLookup> one = Task.Run(async () => await keys.FindAsync("second", CancellationToken.None));
        Task<KeyLookup> madeUp = Task.Run(async () => await keys.FindAsync("made-up", CancellationToken.None));
        Task<KeyLookup> two = Task.Run(async () => await keys.FindAsync("second", CancellationToken.None));
        await Guarantee.AllEnd(one, madeUp, two);

        int charged = rig.Spid.KeyFetches.Count - 1;
        Guarantee.That(one.Result.Key is not null && two.Result.Key is not null, $"a published key was not found: {one.Result}, {two.Result}");
        Guarantee.That(madeUp.Result == KeyLookup.Absent, $"two fetches are allowed and a made-up id was not told apart: {madeUp.Result}");
        Guarantee.That(charged is 1 or 2 && rig.Spid.KeyFetches.MostAtOnce == 1, $"{charged} fetches for a rotation, {rig.Spid.KeyFetches.MostAtOnce} at once");

        // A bucket of two from which each fetch has taken one: the next unknown id finds one in it, or waits for one whole interval.
        KeyLookup later = await keys.FindAsync("made-up later", CancellationToken.None);
        TimeSpan? wait = charged == 1 ? null : TimeSpan.FromSeconds(30);
        Guarantee.That(later == (wait is { } left ? KeyLookup.Undecided(left) : KeyLookup.Absent), $"{charged} fetches were charged wrongly: {later}");
    }
}
