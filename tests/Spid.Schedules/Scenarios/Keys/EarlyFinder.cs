using Spid.ResourceServer.Keys;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Keys;

internal static class EarlyFinder
{
    public static Scenario Scenario { get; } = new(
        "keys/early-finder", "A key id that was asked for before it was published is never called absent after that: there is a fetch, or a wait for one.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new VerifierRig();
        using KeySet keys = rig.CreateKeySet();
        await keys.FindAsync(VerifierRig.FirstKey, CancellationToken.None);
        KeyLookup early = await keys.FindAsync("second", CancellationToken.None);
        Guarantee.That(early == KeyLookup.Absent, $"an id that is not published was not called absent: {early}");

        Task<KeyLookup> again = Task.Run(async () => await keys.FindAsync("second", CancellationToken.None));
        Task<KeyLookup> published = Task.Run(async () =>
        {
            rig.Publish(VerifierRig.FirstKey, "second");
            return await keys.FindAsync("second", CancellationToken.None);
        });
        Task<KeyLookup> madeUp = Task.Run(async () => await keys.FindAsync("made-up", CancellationToken.None));
        await Guarantee.AllEnd(again, published, madeUp);

        Guarantee.That(published.Result.Key is not null || published.Result.RetryAfter > TimeSpan.Zero, $"a published key was called absent: {published.Result}");
        KeyLookup after = await keys.FindAsync("second", CancellationToken.None);
        Guarantee.That(after.Key is not null || after.RetryAfter > TimeSpan.Zero, $"a published key was called absent: {after}");

        rig.Time.Advance(after.RetryAfter ?? TimeSpan.Zero);
        KeyLookup late = await keys.FindAsync("second", CancellationToken.None);
        Guarantee.That(late.Key is not null, $"the wait was over and the key was not found: {late}");
    }
}
