using Spid.ResourceServer;
using Spid.ResourceServer.Verification;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Verification;

internal static class EvictShared
{
    private static readonly ReadOnlyMemory<char> Token = TokenSigner.Sign(VerifierRig.FirstKey);

    public static Scenario Scenario { get; } = new(
        "flights/evict-shared", "After an eviction no process takes an answer from the shared store that was asked for before, whenever it is stored.", RunAsync);

    private static async Task RunAsync()
    {
        var store = new SharedStoreStub();
        using var rig = new VerifierRig(Shared, store);
        using SpidTokenVerifier evicting = rig.CreateVerifier();
        using SpidTokenVerifier asking = rig.CreateVerifier();
        var revocation = new Revocation(rig);

        Task asks = Task.Run(async () => await asking.VerifyAsync(Token));
        Task evicts = revocation.RevokeAndEvictAsync(evicting, Token, async () => await evicting.EvictAsync(Token));
        Task asksToo = Task.Run(async () => await evicting.VerifyAsync(Token));
        await Guarantee.AllEnd(asks, evicts, asksToo);

        await Revocation.RefusesAsync(evicting, Token);
        using SpidTokenVerifier started = rig.CreateVerifier();
        await Revocation.RefusesAsync(started, Token);

        // What another process remembers itself ends with its age.
        rig.Time.Advance(TimeSpan.FromSeconds(60));
        await Revocation.RefusesAsync(asking, Token);
    }

    internal static void Shared(SpidVerifierOptions options)
    {
        VerifierRig.Remote(options);
        options.Cache.Distributed = true;
    }
}
