using Microsoft.AspNetCore.Http;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Keys;

/// <summary>The key set over real connections.</summary>
[CancelAfter(60_000)]
internal sealed class JwksEndpointTests() : EndpointTests("/oauth/jwks", Mode.Local, NoKeys)
{
    protected override string GoodAnswer => Forge.KeySet(Forge.Key());

    [Test]
    public async Task VerifyAsync_EndpointAtAnotherPath_IsAskedThere()
    {
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(AnswerAsync);
        using RegisteredVerifier verifier = Register(spid, options => options.JwksEndpoint = new Uri(spid.Authority, "/.well-known/jwks"));

        Assert.That((await verifier.VerifyAsync(verifier.Sign())).Reason, Is.EqualTo(None));
        Assert.That(spid.Requests, Is.EqualTo(new[] { "/.well-known/jwks" }));
    }

    [Test(Description = "Edge case 72: redirect, warm")]
    public async Task VerifyAsync_RedirectWhileWarm_LastGoodSetStays()
    {
        using var attacker = new Forge { KeyId = Forge.KeyId };
        await using LoopbackSpid other = await LoopbackSpid.StartAsync(context => LoopbackSpid.AnswerAsync(context, Forge.KeySet(attacker.Key())));
        bool isMoved = false;
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(context => isMoved
            ? LoopbackSpid.RedirectAsync(context, StatusCodes.Status302Found, new Uri(other.Authority, "/oauth/jwks"))
            : AnswerAsync(context));
        using RegisteredVerifier verifier = Register(spid);
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

    [Test(Description = "Edge case 72: slow, warm; a known key waits for nothing, an unknown one for three seconds")]
    public async Task VerifyAsync_NoAnswerWhileWarm_KnownKeyDoesNotWait(CancellationToken cancellationToken)
    {
        bool isSlow = false;
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(context => isSlow ? LoopbackSpid.NeverAsync(context) : AnswerAsync(context));
        using RegisteredVerifier verifier = Register(spid);
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
}
