using System.Net;
using Spid.ResourceServer.Keys;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Keys;

internal static class FailingFetch
{
    private static readonly TimeSpan LongerThanThePause = TimeSpan.FromSeconds(5);

    public static Scenario Scenario { get; } = new(
        "keys/failing-fetch", "Finders share a failure and its pause; after the pause the next one starts a fetch and joins none that has ended.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new VerifierRig();
        using KeySet keys = rig.CreateKeySet();
        rig.Spid.KeySet = number => number == 1 ? VerifierEndpointsStub.Status(HttpStatusCode.ServiceUnavailable) : VerifierEndpointsStub.Json(TokenSigner.KeySet(VerifierRig.FirstKey));

        Task passing = Task.Run(() => rig.Time.Advance(LongerThanThePause));
        Task<KeyLookup> one = Task.Run(async () => await keys.FindAsync(VerifierRig.FirstKey, CancellationToken.None));
        Task<KeyLookup> two = Task.Run(async () => await keys.FindAsync(VerifierRig.FirstKey, CancellationToken.None));
        await Guarantee.AllEnd(passing, one, two);

        Guarantee.That(rig.Spid.KeyFetches is { Count: 1 or 2, MostAtOnce: 1 }, $"{rig.Spid.KeyFetches.Count} fetches, {rig.Spid.KeyFetches.MostAtOnce} at once");
        Guarantee.That(IsFoundOrFailed(one.Result) && IsFoundOrFailed(two.Result), $"without a key set nothing can be called absent: {one.Result}, {two.Result}");
        rig.Time.Advance(LongerThanThePause);
        KeyLookup after = await keys.FindAsync(VerifierRig.FirstKey, CancellationToken.None);
        Guarantee.That(after.Key is not null && rig.Spid.KeyFetches.Count == 2, $"{rig.Spid.KeyFetches.Count} fetches after a failure and its pause: {after}");
    }

    private static bool IsFoundOrFailed(KeyLookup lookup) => lookup.Outcome is KeyOutcome.Found or KeyOutcome.NoKeySet;
}
