using Spid.Client;
using Spid.ResourceServer.Introspection;
using Spid.ResourceServer.Keys;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Verification;

/// <summary>A handler of the application holds the thread that sends a request to SPiD: callers leave in time all the same.</summary>
[CancelAfter(60_000)]
internal sealed class BlockedThreadTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly ManualResetEventSlim _blocked = new();

    [Test]
    public async Task VerifyAsync_IntrospectionBlocksItsThread_IsUnavailableAtTheTimeout(CancellationToken cancellationToken)
    {
        using VerifierRig rig = CreateRig(Mode.Remote);

        Task<SpidVerificationReason> verification = rig.ReasonAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 1, cancellationToken);
        rig.Time.Advance(Timeout);
        SpidVerificationReason reason = await verification;
        _blocked.Set();

        Assert.That(reason, Is.EqualTo(IntrospectionFailed));
    }

    [Test]
    public async Task IntrospectAsync_HandlerBlocksItsThread_CallerGetsAnExceptionAtTheTimeout(CancellationToken cancellationToken)
    {
        using VerifierRig rig = CreateRig(Mode.Remote);

        Task<SpidIntrospectionResult> call = rig.Verifier.Introspection.IntrospectAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 1, cancellationToken);
        rig.Time.Advance(Timeout);
        SpidException? exception = await Assert.ThrowsAsync<SpidException>(() => call.WaitAsync(cancellationToken));
        _blocked.Set();

        Assert.That(exception!.Kind, Is.EqualTo(SpidErrorKind.Transient));
    }

    [Test]
    public async Task IntrospectAsync_HandlerBlocksItsThread_CallerCanGiveUp()
    {
        using VerifierRig rig = CreateRig(Mode.Remote);
        using var caller = new CancellationTokenSource();

        Task<SpidIntrospectionResult> call = rig.Verifier.Introspection.IntrospectAsync(rig.Sign(), caller.Token);
        await Wait.UntilAsync(() => rig.Spid.Introspections == 1, CancellationToken.None);
        await caller.CancelAsync();

        await Assert.ThatAsync(() => call, Throws.InstanceOf<OperationCanceledException>());
        _blocked.Set();
    }

    [Test]
    public async Task VerifyAsync_KeySetBlocksItsThread_NextFetchIsFree(CancellationToken cancellationToken)
    {
        using VerifierRig rig = CreateRig(Mode.Local);

        Task<SpidVerificationReason> verification = rig.ReasonAsync(rig.Sign(), cancellationToken);
        await Wait.UntilAsync(() => rig.Spid.KeyFetches == 1, cancellationToken);
        rig.Time.Advance(Timeout);
        SpidVerificationReason reason = await verification;
        await Wait.UntilAsync(() => rig.Verifier.Keys.Status == KeySetStatus.Missing, cancellationToken);
        rig.Spid.AnswerKeys(Forge.KeySet(rig.Forge.Key()));
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        SpidVerificationReason next = await rig.ReasonAsync(rig.Sign(), cancellationToken);
        _blocked.Set();

        Assert.That((reason, next), Is.EqualTo((NoKeys, None)));
    }

    public void Dispose()
    {
        _blocked.Set();
        _blocked.Dispose();
    }

    private VerifierRig CreateRig(Action<SpidVerifierOptions> configure)
    {
        var rig = new VerifierRig(configure);
        rig.Spid.Introspect = (_, _) => BlockAsync();
        rig.Spid.Keys = _ => BlockAsync();
        return rig;
    }

    /// <summary>The wait has an end, so that a test that fails holds no thread for good.</summary>
    private Task<HttpResponseMessage> BlockAsync()
    {
        _blocked.Wait(TimeSpan.FromSeconds(30));
        return Task.FromResult(StubSpid.Json("""{"active":false}"""));
    }
}
