using Spid.ResourceServer.Verification;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Verification;

internal static class EvictClient
{
    private static readonly ReadOnlyMemory<char> Token = TokenSigner.Sign(VerifierRig.FirstKey);

    public static Scenario Scenario { get; } = new(
        "flights/evict-client", "After a client was evicted no request with its token is answered by what a search found that was under way or had ended before.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new VerifierRig(VerifierRig.Remote);
        using SpidTokenVerifier verifier = rig.CreateVerifier();
        var revocation = new Revocation(rig);

        Task one = Task.Run(async () => await verifier.VerifyAsync(Token));
        Task evicting = revocation.RevokeAndEvictAsync(verifier, Token, async () => await verifier.EvictClientAsync(TokenSigner.ClientId));
        Task two = Task.Run(async () => await verifier.VerifyAsync(Token));
        await Guarantee.AllEnd(one, evicting, two);

        await Revocation.RefusesAsync(verifier, Token);
        Guarantee.That(verifier.Searches == 0, "a search that has ended is still listed");
    }
}
