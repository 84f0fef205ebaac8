using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Spid.ResourceServer.Tests.Shared;

/// <summary>What real connections do to an endpoint of SPiD, with the client that the registration builds.</summary>
[CancelAfter(60_000)]
internal abstract class EndpointTests(string path, Action<SpidVerifierOptions> mode, SpidVerificationReason failure)
{
    protected Forge Forge { get; private set; } = null!;

    /// <summary>Gets the answer after which a good token is accepted.</summary>
    protected abstract string GoodAnswer { get; }

    [SetUp]
    public void Create() => Forge = Forge.CreateUsual();

    [TearDown]
    public void CleanUp() => Forge.Dispose();

    [Test]
    [Description("Edge cases 34 and 72: the place that a redirect names would have the good answer")]
    public async Task VerifyAsync_Redirect_IsNotFollowed([Values(301, 302, 303, 307, 308)] int status, [Values] bool toAnotherOrigin)
    {
        await using LoopbackSpid other = await LoopbackSpid.StartAsync(AnswerAsync);
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(context => context.Request.Path == path
            ? LoopbackSpid.RedirectAsync(context, status, toAnotherOrigin ? new Uri(other.Authority, path) : new Uri($"http://{context.Request.Host}/elsewhere"))
            : AnswerAsync(context));
        using RegisteredVerifier verifier = Register(spid);

        SpidVerificationResult result = await verifier.VerifyAsync(verifier.Sign());

        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, failure)));
            Assert.That(spid.Requests, Is.EqualTo(new[] { path }));
            Assert.That(other.Requests, Is.Empty);
        }
    }

    [Test(Description = "Edge cases 55 and 72: the body stalls")]
    public async Task VerifyAsync_BodyStalls_IsUnavailableAfterThreeSeconds(CancellationToken cancellationToken)
    {
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(context => LoopbackSpid.AnswerHalfAsync(context, GoodAnswer, LoopbackSpid.NeverAsync(context)));
        using RegisteredVerifier verifier = Register(spid);

        Task<SpidVerificationResult> verification = verifier.VerifyAsync(verifier.Sign(), cancellationToken);
        await verifier.Answered.WaitAsync(cancellationToken);
        verifier.Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.That(verification.IsCompleted, Is.False);
        verifier.Time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That((await verification).Reason, Is.EqualTo(failure));
    }

    [Test(Description = "Edge cases 56 and 72: the connection is reset after half of the body")]
    public async Task VerifyAsync_ConnectionResetInTheBody_IsUnavailable(CancellationToken cancellationToken)
    {
        Task answered = Task.CompletedTask;
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(context => LoopbackSpid.AnswerHalfAsync(context, GoodAnswer, answered));
        using RegisteredVerifier verifier = Register(spid);
        answered = verifier.Answered;

        SpidVerificationResult result = await verifier.VerifyAsync(verifier.Sign(), cancellationToken);

        Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, failure)));
        Assert.That(verifier.Answered.IsCompleted, Is.True);
    }

    [Test(Description = "Edge cases 57 and 72: nobody vouches for the certificate")]
    public async Task VerifyAsync_SelfSignedCertificate_IsUnavailableAndNothingIsSent()
    {
        using X509Certificate2 certificate = LoopbackSpid.CreateSelfSignedCertificate();
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(AnswerAsync, certificate);
        using RegisteredVerifier verifier = Register(spid);

        SpidVerificationResult result = await verifier.VerifyAsync(verifier.Sign());

        Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, failure)));
        Assert.That((spid.Authority.Scheme, spid.Requests), Is.EqualTo(("https", Array.Empty<string>())));
    }

    protected RegisteredVerifier Register(LoopbackSpid spid, Action<SpidVerifierOptions>? configure = null) => new(spid, Forge, mode + configure);

    protected Task AnswerAsync(HttpContext context) => LoopbackSpid.AnswerAsync(context, GoodAnswer);
}
