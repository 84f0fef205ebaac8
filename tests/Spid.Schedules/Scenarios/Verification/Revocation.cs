using Spid.ResourceServer.Verification;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Verification;

/// <summary>A token that SPiD calls active until it is revoked.</summary>
internal sealed class Revocation
{
    private string _answer = TokenSigner.ActiveAnswer();

    public Revocation(VerifierRig rig) => rig.Spid.Introspection = () => VerifierEndpointsStub.Json(Volatile.Read(ref _answer));

    public void Revoke() => Volatile.Write(ref _answer, """{"active":false}""");

    /// <summary>Revokes the token, evicts it, and finds that it is not accepted from then on.</summary>
    public Task RevokeAndEvictAsync(SpidTokenVerifier verifier, ReadOnlyMemory<char> token, Func<Task> evict) => Task.Run(async () =>
    {
        Revoke();
        await evict();
        await RefusesAsync(verifier, token);
    });

    /// <summary>Finds that the token is not accepted.</summary>
    public static async Task RefusesAsync(SpidTokenVerifier verifier, ReadOnlyMemory<char> token) =>
        Guarantee.That(!(await verifier.VerifyAsync(token)).IsAccepted, "a revoked token was accepted after it was evicted");
}
