using Spid.ResourceServer;
using Spid.ResourceServer.Verification;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Verification;

internal static class EvictRefresh
{
    private static readonly ReadOnlyMemory<char> Token = TokenSigner.Sign(VerifierRig.FirstKey);

    public static Scenario Scenario { get; } = new(
        "flights/evict-refresh", "A refresh in the background does not bring back a token that was evicted meanwhile, and is made once.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new VerifierRig(options => options.Mode = SpidVerificationMode.Remote);
        using SpidTokenVerifier verifier = rig.CreateVerifier();
        var revocation = new Revocation(rig);
        await verifier.VerifyAsync(Token);
        rig.Time.Advance(TimeSpan.FromSeconds(50));

        Task<SpidVerificationResult> one = Task.Run(async () => await verifier.VerifyAsync(Token));
        Task evicting = revocation.RevokeAndEvictAsync(verifier, Token, async () => await verifier.EvictAsync(Token));
        Task<SpidVerificationResult> two = Task.Run(async () => await verifier.VerifyAsync(Token));
        await Guarantee.AllEnd(one, evicting, two);

        await Revocation.RefusesAsync(verifier, Token);

        // The first search, one refresh, and one search after the eviction; one more for a caller whose search the eviction made worthless.
        Guarantee.That(rig.Spid.Introspections.Count is >= 2 and <= 4, $"{rig.Spid.Introspections.Count} introspections");
    }
}
