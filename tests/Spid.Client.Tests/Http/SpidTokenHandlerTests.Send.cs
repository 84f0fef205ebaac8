using System.Net;
using System.Text;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>Synchronous sending.</content>
internal sealed partial class SpidTokenHandlerTests
{
    [Test]
    public void Send_ColdAndWarm_CarriesTheToken(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();

        using HttpResponseMessage first = rig.Client.Send(new(HttpMethod.Get, "messages"), cancellationToken);
        using HttpResponseMessage second = rig.Client.Send(new(HttpMethod.Get, "messages"), cancellationToken);

        Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-1" }));
        Assert.That(rig.Spid.Count, Is.EqualTo(1));
    }

    [Test]
    public void Send_OnABusySynchronizationContext_Completes(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.Refuse("token-1");

        using HttpResponseMessage response = StuckContext.Run(() => rig.Client.Send(new(HttpMethod.Get, "messages"), cancellationToken));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public void Send_TokenRefused_RenewsAndRepeatsOnce(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        HttpResponseMessage refusal = StubApi.Unauthorized();
        rig.Api.AnswerWith(call => call.Token == "token-1" ? refusal : new HttpResponseMessage(HttpStatusCode.OK));
        using var request = new HttpRequestMessage(HttpMethod.Post, "messages") { Content = new StringContent("body") };

        using HttpResponseMessage response = rig.Client.Send(request, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2" }));
            Assert.That(rig.Api.Calls.Select(call => Encoding.UTF8.GetString(call.Body)), Is.EqualTo(new[] { "body", "body" }));
            Assert.That(() => refusal.Content.ReadAsStream(cancellationToken), Throws.TypeOf<ObjectDisposedException>());
        }
    }

    [Test]
    public void Send_RenewedTokenRefusedToo_GivesTheSecond401ToTheCaller(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(_ => StubApi.Unauthorized());

        using HttpResponseMessage response = rig.Client.Send(new(HttpMethod.Get, "messages"), cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((rig.Api.Count, rig.Spid.Count), Is.EqualTo((2, 2)));
    }

    [Test]
    public void Send_InsufficientScope_RenewsNothingAndLeavesTheBodyReadable(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(_ => Answer(Encoding.UTF8.GetBytes(Flat), chunked: true));

        using HttpResponseMessage response = rig.Client.Send(new(HttpMethod.Get, "messages"), cancellationToken);
        using var reader = new StreamReader(response.Content.ReadAsStream(cancellationToken));

        Assert.That(reader.ReadToEnd(), Is.EqualTo(Flat));
        Assert.That((rig.Api.Count, rig.Spid.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public void Send_OneShotBody_GivesThe401ToTheCaller(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.ReplayBufferLimit = 0);
        rig.Api.Refuse("token-1");
        using var request = new HttpRequestMessage(HttpMethod.Post, "messages") { Content = OneShot("once") };

        using HttpResponseMessage response = rig.Client.Send(request, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((rig.Api.Count, rig.Spid.Count), Is.EqualTo((1, 2)));
    }

    [Test]
    public void Send_EndpointDown_ThrowsAndSendsNothing(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(client: options => options.Resilience.RetryAttempts = 0);
        rig.Spid.AnswerWith(_ => StubSpid.Error(503));

        Assert.That(() => rig.Client.Send(new(HttpMethod.Get, "messages"), cancellationToken), Throws.TypeOf<SpidException>().With.Message.Contain("503"));
        Assert.That(rig.Api.Count, Is.Zero);
    }

    [Test]
    public void Send_WithoutSpidToken_CarriesNone(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();

        using HttpResponseMessage response = rig.Client.Send(new HttpRequestMessage(HttpMethod.Get, "messages").WithoutSpidToken(), cancellationToken);

        Assert.That(rig.Api.Calls.Single().Authorization, Is.Null);
    }
}
