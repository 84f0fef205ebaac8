using Spid.ResourceServer;
using Spid.ResourceServer.Verification;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Verification;

internal static class FlightJoin
{
    private static readonly ReadOnlyMemory<char> Token = TokenSigner.Sign(VerifierRig.FirstKey);

    public static Scenario Scenario { get; } = new(
        "flights/join", "Callers that bring the same unknown token share one introspection and get the same answer.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new VerifierRig(VerifierRig.Remote);
        using SpidTokenVerifier verifier = rig.CreateVerifier();
        rig.Spid.Introspection = () => VerifierEndpointsStub.Json(TokenSigner.ActiveAnswer());

        Task<SpidVerificationResult> one = Task.Run(async () => await verifier.VerifyAsync(Token));
        Task<SpidVerificationResult> two = Task.Run(async () => await verifier.VerifyAsync(Token));
        Task<SpidVerificationResult> three = Task.Run(async () => await verifier.VerifyAsync(Token));
        await Guarantee.AllEnd(one, two, three);

        Guarantee.That(one.Result.IsAccepted && two.Result.IsAccepted && three.Result.IsAccepted, "an active token was not accepted");
        Guarantee.That(rig.Spid.Introspections.Count == 1, $"{rig.Spid.Introspections.Count} introspections of one token");
        Guarantee.That(verifier.Searches == 0, "a search that has ended is still listed");
    }
}
