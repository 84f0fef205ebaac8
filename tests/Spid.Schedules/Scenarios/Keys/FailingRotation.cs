using System.Net;
using Spid.ResourceServer.Keys;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Keys;

internal static class FailingRotation
{
    public static Scenario Scenario { get; } = new(
        "keys/failing-rotation", "While the endpoint fails and a set is at hand, its keys are found and every other id waits: none is absent, and none goes to introspection.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new VerifierRig();
        using KeySet keys = rig.CreateKeySet();
        await keys.FindAsync(VerifierRig.FirstKey, CancellationToken.None);
        rig.Spid.KeySet = _ => VerifierEndpointsStub.Status(HttpStatusCode.ServiceUnavailable);

        Task<KeyLookup> one = Task.Run(async () => await keys.FindAsync("second", CancellationToken.None));
        Task<KeyLookup> known = Task.Run(async () => await keys.FindAsync(VerifierRig.FirstKey, CancellationToken.None));
        Task<KeyLookup> two = Task.Run(async () => await keys.FindAsync("made-up", CancellationToken.None));
        await Guarantee.AllEnd(one, known, two);

        Guarantee.That(known.Result.Key is not null, $"a key at hand was not found: {known.Result}");
        Guarantee.That(IsWaiting(one.Result) && IsWaiting(two.Result), $"{one.Result}, {two.Result}");
        Guarantee.That(rig.Spid.KeyFetches.Count == 2, $"{rig.Spid.KeyFetches.Count - 1} fetches that fail, though there is a pause after the first");
    }

    private static bool IsWaiting(KeyLookup lookup) => lookup is { Outcome: KeyOutcome.Undecided, RetryAfter.TotalSeconds: > 0 };
}
