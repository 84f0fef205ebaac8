using System.Net;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Acceptance;

/// <summary>The acceptance tests of the token handler; each has a library in use today that fails it.</summary>
[CancelAfter(60_000)]
internal sealed partial class HandlerAcceptanceTests
{
    [Test(Description = "Acceptance 3")]
    public async Task SendAsync_TwoHundredConcurrentRefusalsOfOneToken_SendOneTokenRequestWithoutDelay(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        await rig.Tokens.GetTokenAsync(cancellationToken);
        DateTimeOffset start = rig.Time.GetUtcNow();
        var allRefused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int refused = 0;
        rig.Api.Answer = async call =>
        {
            if (call.Token != "token-1")
            {
                return new HttpResponseMessage(HttpStatusCode.OK);
            }

            if (Interlocked.Increment(ref refused) == 200)
            {
                allRefused.SetResult();
            }

            await allRefused.Task;
            return StubApi.Unauthorized();
        };

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => rig.Client.GetAsync("messages", cancellationToken)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(responses.Select(response => response.StatusCode), Has.All.EqualTo(HttpStatusCode.OK));
            Assert.That(rig.Spid.Count, Is.EqualTo(1 + 1));
            Assert.That(rig.Api.Tokens.Count(token => token == "token-2"), Is.EqualTo(200));
            Assert.That(rig.Time.GetUtcNow(), Is.EqualTo(start), "whatever waited for a clock would never have ended");
        }
    }

    [Test(Description = "Acceptance 4")]
    public async Task SendAsync_ServiceAlwaysRefuses_SendsAtMostTwoTokenRequestsInABudgetWindow(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(_ => StubApi.Unauthorized());

        for (int call = 0; call < 1000; call++)
        {
            using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);
        }

        Assert.That(rig.Spid.Count, Is.LessThanOrEqualTo(2));
        Assert.That(rig.Api.Count, Is.EqualTo(1001));
    }

    [Test(Description = "Acceptance 9")]
    public async Task SendAsync_OneShotBodyAndRefusal_GivesThe401WithoutException(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.ReplayBufferLimit = 0);
        rig.Api.Refuse("token-1");
        using var content = new StreamContent(new OneShotStream([1, 2, 3]));

        using HttpResponseMessage response = await rig.Client.PostAsync("messages", content, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(rig.Api.Calls.Single().Body, Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [TestCase("http://api.example.com/v1/messages")]
    [TestCase("https://elsewhere.example/v1/messages")]
    [TestCase("https://api.example.com:8443/v1/messages")]
    [Test(Description = "Acceptance 10")]
    public async Task SendAsync_PlainHttpOrForeignOrigin_SendsNoAuthorization(string url, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        await rig.Tokens.GetTokenAsync(cancellationToken);

        SpidException? exception = await Assert.ThrowsAsync<SpidException>(() => rig.Client.GetAsync(new Uri(url), cancellationToken));

        Assert.That(exception!.Kind, Is.EqualTo(SpidErrorKind.Configuration));
        Assert.That(rig.Api.Count, Is.Zero);
    }

    [Test(Description = "Acceptance 14")]
    public void Send_Synchronous_CarriesTheToken(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();

        using HttpResponseMessage response = rig.Client.Send(new(HttpMethod.Get, "messages"), cancellationToken);

        Assert.That(rig.Api.Calls.Single().Authorization, Is.EqualTo("Bearer token-1"));
    }
}
