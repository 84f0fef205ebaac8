using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Keys;

/// <summary>The key set over real connections, with the client that the registration builds.</summary>
[CancelAfter(60_000)]
internal sealed class JwksEndpointTests
{
    private Forge _forge = null!;

    private string KeySet => Forge.KeySet(_forge.Key());

    [SetUp]
    public void Create() => _forge = Forge.CreateUsual();

    [TearDown]
    public void CleanUp() => _forge.Dispose();

    [Test]
    [Description("Edge case 72: redirect; the place that it names has the key")]
    public async Task VerifyAsync_Redirect_IsNotFollowed([Values(301, 302, 303, 307, 308)] int status, [Values] bool toAnotherOrigin)
    {
        await using LoopbackSpid other = await LoopbackSpid.StartAsync(AnswerKeysAsync);
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(context => context.Request.Path == "/oauth/jwks"
            ? LoopbackSpid.RedirectAsync(context, status, toAnotherOrigin ? new Uri(other.Authority, "/oauth/jwks") : new Uri($"http://{context.Request.Host}/elsewhere"))
            : AnswerKeysAsync(context));
        using var verifier = new RegisteredVerifier(spid, _forge, Mode.Local);

        SpidVerificationResult result = await verifier.VerifyAsync(verifier.Sign());

        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, NoKeys)));
            Assert.That(spid.Requests, Is.EqualTo(new[] { "/oauth/jwks" }));
            Assert.That(other.Requests, Is.Empty);
        }
    }

    [Test(Description = "Edge case 72: redirect, warm")]
    public async Task VerifyAsync_RedirectWhileWarm_LastGoodSetStays()
    {
        using var attacker = new Forge { KeyId = _forge.KeyId };
        await using LoopbackSpid other = await LoopbackSpid.StartAsync(context => LoopbackSpid.AnswerAsync(context, Forge.KeySet(attacker.Key())));
        bool isMoved = false;
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(context => isMoved
            ? LoopbackSpid.RedirectAsync(context, StatusCodes.Status302Found, new Uri(other.Authority, "/oauth/jwks"))
            : AnswerKeysAsync(context));
        using var verifier = new RegisteredVerifier(spid, _forge, Mode.Local);
        Assert.That((await verifier.VerifyAsync(verifier.Sign())).Reason, Is.EqualTo(None));

        isMoved = true;
        SpidVerificationResult unknown = await verifier.VerifyAsync(verifier.Sign(header => header["kid"] = "another"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(unknown.Status, Is.EqualTo(SpidVerificationStatus.Unavailable), "the fetch that could tell has failed");
            Assert.That((await verifier.VerifyAsync(verifier.Sign())).Reason, Is.EqualTo(None));
            Assert.That(spid.Requests, Has.Length.EqualTo(2));
            Assert.That(other.Requests, Is.Empty);
        }
    }

    [Test(Description = "Edge case 72: the body stalls, cold")]
    public async Task VerifyAsync_BodyStallsCold_IsUnavailableAfterThreeSeconds(CancellationToken cancellationToken)
    {
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(context => LoopbackSpid.AnswerHalfAsync(context, KeySet, LoopbackSpid.NeverAsync(context)));
        using var verifier = new RegisteredVerifier(spid, _forge, Mode.Local);

        Task<SpidVerificationResult> verification = verifier.VerifyAsync(verifier.Sign(), cancellationToken);
        await verifier.Answered.WaitAsync(cancellationToken);
        verifier.Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.That(verification.IsCompleted, Is.False);
        verifier.Time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That((await verification).Reason, Is.EqualTo(NoKeys));
    }

    [Test(Description = "Edge case 72: slow, warm; a known key waits for nothing, an unknown one for three seconds")]
    public async Task VerifyAsync_NoAnswerWhileWarm_KnownKeyDoesNotWait(CancellationToken cancellationToken)
    {
        bool isSlow = false;
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(context => isSlow ? LoopbackSpid.NeverAsync(context) : AnswerKeysAsync(context));
        using var verifier = new RegisteredVerifier(spid, _forge, Mode.Local);
        Assert.That((await verifier.VerifyAsync(verifier.Sign(), cancellationToken)).Reason, Is.EqualTo(None));

        isSlow = true;
        verifier.Time.Advance(TimeSpan.FromMinutes(17));
        Assert.That((await verifier.VerifyAsync(verifier.Sign(), cancellationToken)).Reason, Is.EqualTo(None), "its age sets off a fetch, for which nobody waits");
        await Wait.UntilAsync(() => spid.Requests.Length == 2, cancellationToken);
        Task<SpidVerificationResult> unknown = verifier.VerifyAsync(verifier.Sign(header => header["kid"] = "another"), cancellationToken);
        Assert.That((await verifier.VerifyAsync(verifier.Sign(), cancellationToken)).Reason, Is.EqualTo(None));
        Assert.That(unknown.IsCompleted, Is.False);
        verifier.Time.Advance(TimeSpan.FromSeconds(3));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await unknown).Status, Is.EqualTo(SpidVerificationStatus.Unavailable));
            Assert.That((await verifier.VerifyAsync(verifier.Sign(), cancellationToken)).Reason, Is.EqualTo(None));
            Assert.That(spid.Requests, Has.Length.EqualTo(2), "those who want the set share one fetch");
        }
    }

    [Test(Description = "Edge cases 56 and 72: the connection is reset after half of the key set")]
    public async Task VerifyAsync_ConnectionResetInTheBody_IsUnavailable(CancellationToken cancellationToken)
    {
        Task answered = Task.CompletedTask;
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(context => LoopbackSpid.AnswerHalfAsync(context, KeySet, answered));
        using var verifier = new RegisteredVerifier(spid, _forge, Mode.Local);
        answered = verifier.Answered;

        Assert.That((await verifier.VerifyAsync(verifier.Sign(), cancellationToken)).Reason, Is.EqualTo(NoKeys));
        Assert.That(verifier.Answered.IsCompleted, Is.True);
    }

    [Test(Description = "Edge cases 57 and 72: nobody vouches for the certificate of who offers the key set")]
    public async Task VerifyAsync_SelfSignedCertificate_IsUnavailable()
    {
        using X509Certificate2 certificate = LoopbackSpid.CreateSelfSignedCertificate();
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(AnswerKeysAsync, certificate);
        using var verifier = new RegisteredVerifier(spid, _forge, Mode.Local);

        Assert.That((await verifier.VerifyAsync(verifier.Sign())).Reason, Is.EqualTo(NoKeys));
        Assert.That(spid.Requests, Is.Empty);
    }

    private Task AnswerKeysAsync(HttpContext context) => LoopbackSpid.AnswerAsync(context, KeySet);
}
