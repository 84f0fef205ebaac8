using System.Net;
using Spid.ResourceServer.Tests.Shared;

namespace Spid.ResourceServer.Tests.Verification;

/// <content>Facts that are no longer fresh while SPiD cannot be asked.</content>
internal sealed partial class FactsCacheTests
{
    [Test]
    public async Task VerifyAsync_StaleIfError_EndsThoughTheTokenLivesOn(CancellationToken cancellationToken)
    {
        // Fresh for 60 seconds and stale for 290 more: the next sweep comes after 360.
        using var rig = new VerifierRig(options => (options.Mode, options.Cache.StaleIfError) = (SpidVerificationMode.Remote, TimeSpan.FromSeconds(290)));
        rig.AnswerActive();
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.BadGateway));

        rig.Time.Advance(TimeSpan.FromSeconds(349));
        Assert.That((await rig.VerifyAsync(token, cancellationToken)).Token.Source, Is.EqualTo(SpidTokenSource.Cached));
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await rig.VerifyAsync(token, cancellationToken)).Status, Is.EqualTo(SpidVerificationStatus.Unavailable));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task EvictAsync_DuringASearchThatFails_StaleFactsDoNotServe(bool byClient)
    {
        using var rig = new VerifierRig(options => (options.Mode, options.Cache.StaleIfError) = (SpidVerificationMode.Remote, TimeSpan.FromMinutes(30)));
        rig.AnswerActive();
        string token = rig.Sign();
        await rig.VerifyAsync(token, CancellationToken.None);
        TaskCompletionSource<HttpResponseMessage> answer = Hold(rig);
        rig.Time.Advance(TimeSpan.FromSeconds(61));
        Task<SpidVerificationResult> underWay = rig.VerifyAsync(token, CancellationToken.None);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 2, CancellationToken.None);

        await (byClient ? rig.Verifier.EvictClientAsync(Forge.ClientId) : rig.Verifier.EvictAsync(token.AsMemory()));
        answer.SetResult(StubSpid.Status(HttpStatusCode.BadGateway));

        Assert.That((await underWay).Status, Is.EqualTo(SpidVerificationStatus.Unavailable));
    }

    [Test]
    public async Task VerifyAsync_RefreshAheadFails_IsNotTriedAgainWhileTheFactsAreFresh(CancellationToken cancellationToken)
    {
        using var rig = new VerifierRig(Mode.Remote);
        rig.AnswerActive();
        string token = rig.Sign();
        await rig.VerifyAsync(token, cancellationToken);
        rig.Spid.Introspect = (_, _) => Task.FromResult(StubSpid.Status(HttpStatusCode.BadGateway));
        rig.Time.Advance(TimeSpan.FromSeconds(48));

        await rig.VerifyAsync(token, cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 2 && rig.Verifier.Searches == 0, cancellationToken);
        await rig.VerifyAsync(token, cancellationToken);
        await Wait.UntilAsync(() => rig.Verifier.Searches == 0, cancellationToken);

        Assert.That(rig.Spid.Introspections, Is.EqualTo(2));
    }
}
