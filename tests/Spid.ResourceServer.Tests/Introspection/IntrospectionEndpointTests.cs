using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Introspection;

/// <summary>Introspection over real connections, with the client that the registration builds.</summary>
[CancelAfter(60_000)]
internal sealed class IntrospectionEndpointTests
{
    private Forge _forge = null!;

    [SetUp]
    public void Create() => _forge = Forge.CreateUsual();

    [TearDown]
    public void CleanUp() => _forge.Dispose();

    [Test]
    public async Task VerifyAsync_ActiveAnswer_IsAccepted()
    {
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(AnswerActiveAsync);
        using var verifier = new RegisteredVerifier(spid, _forge, Mode.Remote);

        Assert.That((await verifier.VerifyAsync(verifier.Sign())).Reason, Is.EqualTo(None));
        Assert.That(spid.Requests, Is.EqualTo(new[] { "/oauth/introspect" }));
    }

    [Test]
    [Description("Edge case 34: the place that a redirect names would call the token active")]
    public async Task VerifyAsync_Redirect_IsNotFollowed([Values(301, 302, 303, 307, 308)] int status, [Values] bool toAnotherOrigin)
    {
        await using LoopbackSpid other = await LoopbackSpid.StartAsync(AnswerActiveAsync);
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(context => context.Request.Path == "/oauth/introspect"
            ? LoopbackSpid.RedirectAsync(context, status, toAnotherOrigin ? new Uri(other.Authority, "/oauth/introspect") : new Uri($"http://{context.Request.Host}/elsewhere"))
            : AnswerActiveAsync(context));
        using var verifier = new RegisteredVerifier(spid, _forge, Mode.Remote);

        SpidVerificationResult result = await verifier.VerifyAsync(verifier.Sign());

        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, IntrospectionFailed)));
            Assert.That(spid.Requests, Is.EqualTo(new[] { "/oauth/introspect" }));
            Assert.That(other.Requests, Is.Empty);
        }
    }

    [Test(Description = "Edge case 56: the connection is reset after half of the body")]
    public async Task VerifyAsync_ConnectionResetInTheBody_IsUnavailable(CancellationToken cancellationToken)
    {
        Task answered = Task.CompletedTask;
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(context => LoopbackSpid.AnswerHalfAsync(context, Active(), answered));
        using var verifier = new RegisteredVerifier(spid, _forge, Mode.Remote);
        answered = verifier.Answered;

        SpidVerificationResult result = await verifier.VerifyAsync(verifier.Sign(), cancellationToken);

        Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, IntrospectionFailed)));
        Assert.That(verifier.Answered.IsCompleted, Is.True);
    }

    [Test(Description = "Edge case 55: the body stalls")]
    public async Task VerifyAsync_BodyStalls_IsUnavailableAfterThreeSeconds(CancellationToken cancellationToken)
    {
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(context => LoopbackSpid.AnswerHalfAsync(context, Active(), LoopbackSpid.NeverAsync(context)));
        using var verifier = new RegisteredVerifier(spid, _forge, Mode.Remote);

        Task<SpidVerificationResult> verification = verifier.VerifyAsync(verifier.Sign(), cancellationToken);
        await verifier.Answered.WaitAsync(cancellationToken);
        verifier.Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.That(verification.IsCompleted, Is.False);
        verifier.Time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That((await verification).Reason, Is.EqualTo(IntrospectionFailed));
    }

    [Test(Description = "Edge case 57: nobody vouches for the certificate")]
    public async Task VerifyAsync_SelfSignedCertificate_IsUnavailableAndNothingIsSent()
    {
        using X509Certificate2 certificate = LoopbackSpid.CreateSelfSignedCertificate();
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(AnswerActiveAsync, certificate);
        using var verifier = new RegisteredVerifier(spid, _forge, Mode.Remote);

        SpidVerificationResult result = await verifier.VerifyAsync(verifier.Sign());

        Assert.That((result.Status, result.Reason), Is.EqualTo((SpidVerificationStatus.Unavailable, IntrospectionFailed)));
        Assert.That((spid.Authority.Scheme, spid.Requests), Is.EqualTo(("https", Array.Empty<string>())));
    }

    private static string Active()
    {
        JsonObject answer = Forge.Claims(new SteppingTime().GetUtcNow());
        answer["active"] = true;
        return answer.ToJsonString();
    }

    private static Task AnswerActiveAsync(HttpContext context) => LoopbackSpid.AnswerAsync(context, Active());
}
