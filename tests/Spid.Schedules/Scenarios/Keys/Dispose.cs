using Spid.ResourceServer.Keys;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Keys;

internal static class Dispose
{
    public static Scenario Scenario { get; } = new(
        "keys/dispose", "Finders of a key set that is disposed meanwhile get an answer or an ObjectDisposedException, and none waits for ever.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new VerifierRig();
        KeySet keys = rig.CreateKeySet();

        Task one = FindOrDisposedAsync(keys);
        Task disposing = Task.Run(keys.Dispose);
        Task two = FindOrDisposedAsync(keys);
        await Guarantee.AllEnd(one, disposing, two);

        Guarantee.That(rig.Spid.KeyFetches.Count <= 1, $"{rig.Spid.KeyFetches.Count} fetches for one key");
        int before = rig.Spid.KeyFetches.Count;
        await FindOrDisposedAsync(keys);
        Guarantee.That(rig.Spid.KeyFetches.Count == before, "a disposed key set was fetched");
    }

    private static Task FindOrDisposedAsync(KeySet keys) => Task.Run(async () =>
    {
        try
        {
            KeyLookup lookup = await keys.FindAsync(VerifierRig.FirstKey, CancellationToken.None);
            Guarantee.That(lookup.Outcome is KeyOutcome.Found or KeyOutcome.NoKeySet, $"a published key was called absent: {lookup}");
        }
        catch (ObjectDisposedException)
        {
            // That is what the caller is promised.
        }
    });
}
