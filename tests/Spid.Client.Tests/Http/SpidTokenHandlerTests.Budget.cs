using System.Net;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>Many refusals: shared renewals and their budget.</content>
internal sealed partial class SpidTokenHandlerTests
{
    [TestCase(900)]
    [TestCase(3600)]
    public async Task SendAsync_ServiceAlwaysRefuses_RenewsWithinTheBudgetOfEachWindow(int lifetime, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", lifetime));
        rig.Api.AnswerWith(_ => StubApi.Unauthorized());
        var perWindow = new List<int>();

        for (int window = 0; window < 5; window++)
        {
            int before = rig.Spid.Count;
            for (int call = 0; call < 200; call++)
            {
                using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);
                rig.Time.Advance(TimeSpan.FromMilliseconds(300));
            }

            perWindow.Add(rig.Spid.Count - before);
        }

        Assert.That(perWindow, Has.All.LessThanOrEqualTo(2));
        Assert.That(rig.Logs.GetSnapshot().Count(record => record.Id.Name == "RenewalPaused"), Is.InRange(1, 5));
    }

    [Test]
    public async Task SendAsync_ServiceAlwaysRefusesTokensWithoutLifetime_RenewsWithinTheBudgetOfEachWindow(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Spid.AnswerWith(number => StubSpid.Token($"token-{number}", expiresIn: null));
        rig.Api.AnswerWith(_ => StubApi.Unauthorized());
        var renewals = new List<int>();

        for (int window = 0; window < 5; window++)
        {
            int before = rig.Spid.Count;
            for (int call = 0; call < 200; call++)
            {
                using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);
                rig.Time.Advance(TimeSpan.FromMilliseconds(300));
            }

            renewals.Add(rig.Spid.Count - before - 200);
        }

        Assert.That(renewals, Has.All.LessThanOrEqualTo(2), "each call needs a request of its own; more than those are renewals");
    }

    [Test]
    public async Task SendAsync_ServiceRefusesOneScopeOnly_OtherTokensAreStillRenewed(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Spid.Answer = (number, form, _) => Task.FromResult(StubSpid.Token($"{ScopeIn(form)}-{number}"));
        rig.Api.AnswerWith(call => call.Token!.StartsWith("admin", StringComparison.Ordinal) || call.Token == "read:messages-3"
            ? StubApi.Unauthorized()
            : new HttpResponseMessage(HttpStatusCode.OK));

        using HttpResponseMessage refused = await rig.Client.SendAsync(Scoped("admin"), cancellationToken);
        using HttpResponseMessage paused = await rig.Client.SendAsync(Scoped("admin"), cancellationToken);
        using HttpResponseMessage other = await rig.Client.GetAsync("messages", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(paused.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "admin-1", "admin-2", "admin-2", "read:messages-3", "read:messages-4" }));
        }
    }

    [Test]
    public async Task SendAsync_LateRefusalOfAnOldToken_RepeatsWithTheCurrentOneAndRequestsNone(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        var late = new TaskCompletionSource<HttpResponseMessage>();
        rig.Api.Answer = call => call.Number == 1
            ? late.Task
            : Task.FromResult(call.Token == "token-1" ? StubApi.Unauthorized() : new HttpResponseMessage(HttpStatusCode.OK));

        await rig.Tokens.GetTokenAsync(cancellationToken);
        Task<HttpResponseMessage> first = rig.Client.GetAsync("messages", cancellationToken);
        using HttpResponseMessage second = await rig.Client.GetAsync("messages", cancellationToken);
        late.SetResult(StubApi.Unauthorized());
        using HttpResponseMessage response = await first;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-1", "token-2", "token-2" }));
            Assert.That(rig.Spid.Count, Is.EqualTo(2));
        }
    }

    private static HttpRequestMessage Scoped(string scope) => new HttpRequestMessage(HttpMethod.Get, "messages").WithSpidScope(scope);
}
