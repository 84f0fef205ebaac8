using Spid.ResourceServer;
using Spid.ResourceServer.DependencyInjection;
using Spid.ResourceServer.Verification;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Verification;

internal static class ReloadDispose
{
    private static readonly ReadOnlyMemory<char> Token = TokenSigner.Sign(VerifierRig.FirstKey);

    public static Scenario Scenario { get; } = new(
        "verifier/reload-dispose", "Callers of a verifier that is disposed while its options change get an answer or an ObjectDisposedException, and it stays disposed.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new VerifierRig();
        SpidVerifierOptions options = VerifierRig.Options(VerifierRig.Remote);
        Action follow = () => { };
        rig.Spid.Introspection = () => VerifierEndpointsStub.Json(TokenSigner.ActiveAnswer());
        var verifier = new ReloadingVerifier("rig", () => Volatile.Read(ref options), (settings, previous) => new SpidTokenVerifier(settings, rig.Parts, previous), Subscribe, rig.Parts);

        Task changing = Task.Run(() =>
        {
            Volatile.Write(ref options, VerifierRig.Options(changed =>
            {
                VerifierRig.Remote(changed);
                changed.ClockSkew = TimeSpan.FromSeconds(7);
            }));
            follow();
        });
        Task disposing = Task.Run(verifier.Dispose);
        Task<SpidVerificationResult?> during = VerifyOrDisposedAsync(verifier);
        await Guarantee.AllEnd(changing, disposing, during);

        Guarantee.That(during.Result is null or { IsAccepted: true } or { Status: SpidVerificationStatus.Unavailable }, $"disposal made a good token bad: {during.Result?.Reason}");
        int before = rig.Spid.Introspections.Count;
        await VerifyOrDisposedAsync(verifier);
        Guarantee.That(rig.Spid.Introspections.Count == before, "a verifier that is never disposed took the place of the disposed one");

        IDisposable? Subscribe(Action callback)
        {
            follow = callback;
            return null;
        }
    }

    private static Task<SpidVerificationResult?> VerifyOrDisposedAsync(ReloadingVerifier verifier) => Task.Run<SpidVerificationResult?>(async () =>
    {
        try
        {
            return await verifier.VerifyAsync(Token);
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    });
}
