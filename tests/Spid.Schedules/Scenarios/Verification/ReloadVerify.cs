using Spid.ResourceServer;
using Spid.ResourceServer.DependencyInjection;
using Spid.ResourceServer.Verification;
using Spid.Schedules.Stubs;

namespace Spid.Schedules.Scenarios.Verification;

internal static class ReloadVerify
{
    private const string NewAudience = "https://news.example.com";

    private static readonly ReadOnlyMemory<char> OldToken = TokenSigner.Sign(VerifierRig.FirstKey);
    private static readonly ReadOnlyMemory<char> NewToken = TokenSigner.Sign(VerifierRig.FirstKey, NewAudience);

    public static Scenario Scenario { get; } = new(
        "verifier/reload-verify", "A token is judged by the options of some moment during the call, and by none that were replaced before it.", RunAsync);

    private static async Task RunAsync()
    {
        using var rig = new VerifierRig();
        SpidVerifierOptions options = VerifierRig.Options();
        Action follow = () => { };
        using var verifier = new ReloadingVerifier("rig", () => Volatile.Read(ref options), (settings, previous) => new SpidTokenVerifier(settings, rig.Parts, previous), Subscribe, rig.Parts);

        Task changing = Task.Run(() =>
        {
            Volatile.Write(ref options, VerifierRig.Options(changed => (changed.Audiences[0], changed.Mode) = (NewAudience, SpidVerificationMode.Local)));
            follow();
        });
        Task<SpidVerificationResult> during = Task.Run(async () => await verifier.VerifyAsync(OldToken));
        Task overtaking = Task.Run(() => follow());
        await Guarantee.AllEnd(changing, during, overtaking);

        Guarantee.That(during.Result.Reason is SpidVerificationReason.None or SpidVerificationReason.WrongAudience, $"the change was noticed: {during.Result.Reason}");
        SpidVerificationReason old = (await verifier.VerifyAsync(OldToken)).Reason;
        Guarantee.That(old == SpidVerificationReason.WrongAudience, $"a token was judged by options that were replaced: {old}");
        Guarantee.That((await verifier.VerifyAsync(NewToken)).IsAccepted, "a token was judged by options that were replaced");
        Guarantee.That(verifier.Current.Settings.Audiences[0] == NewAudience, "late news of a change brought the old options back");

        IDisposable? Subscribe(Action callback)
        {
            follow = callback;
            return null;
        }
    }
}
