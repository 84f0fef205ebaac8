using System.Text.Json.Nodes;
using Spid.ResourceServer.Tests.Shared;
using static Spid.ResourceServer.SpidVerificationReason;

namespace Spid.ResourceServer.Tests.Introspection;

/// <summary>Introspection over real connections.</summary>
[CancelAfter(60_000)]
internal sealed class IntrospectionEndpointTests() : EndpointTests("/oauth/introspect", Mode.Remote, IntrospectionFailed)
{
    protected override string GoodAnswer
    {
        get
        {
            JsonObject answer = Forge.Claims(new SteppingTime().GetUtcNow());
            answer["active"] = true;
            return answer.ToJsonString();
        }
    }

    [Test]
    public async Task VerifyAsync_ActiveAnswer_IsAccepted()
    {
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(AnswerAsync);
        using RegisteredVerifier verifier = Register(spid);

        Assert.That((await verifier.VerifyAsync(verifier.Sign())).Reason, Is.EqualTo(None));
        Assert.That(spid.Requests, Is.EqualTo(new[] { "/oauth/introspect" }));
    }

    [Test]
    public async Task VerifyAsync_EndpointAtAnotherPath_IsAskedThere()
    {
        await using LoopbackSpid spid = await LoopbackSpid.StartAsync(AnswerAsync);
        using RegisteredVerifier verifier = Register(spid, options => options.IntrospectionEndpoint = new Uri(spid.Authority, "/connect/introspect"));

        Assert.That((await verifier.VerifyAsync(verifier.Sign())).Reason, Is.EqualTo(None));
        Assert.That(spid.Requests, Is.EqualTo(new[] { "/connect/introspect" }));
    }
}
