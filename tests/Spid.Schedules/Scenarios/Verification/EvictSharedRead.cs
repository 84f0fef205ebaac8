using Spid.ResourceServer.Verification;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Verification;

internal static class EvictSharedRead
{
    private static readonly ReadOnlyMemory<char> Token = TokenSigner.Sign(VerifierRig.FirstKey);

    public static Scenario Scenario { get; } = new(
        "flights/evict-shared-read", "An answer of another process that is read from the shared store during an eviction is not remembered after it.", RunAsync);

    private static async Task RunAsync()
    {
        // So slow that a whole verification fits in before the mark of the eviction is written.
        var store = new SharedStoreStub { StepsToWrite = 12 };
        using var rig = new VerifierRig(EvictShared.Shared, store);
        using SpidTokenVerifier other = rig.CreateVerifier();
        using SpidTokenVerifier verifier = rig.CreateVerifier();
        var revocation = new Revocation(rig);
        await other.VerifyAsync(Token);

        Task reading = Task.Run(async () => await verifier.VerifyAsync(Token));
        Task evicting = revocation.RevokeAndEvictAsync(verifier, Token, async () => await verifier.EvictAsync(Token));
        await Guarantee.AllEnd(reading, evicting);

        await Revocation.RefusesAsync(verifier, Token);
    }
}
