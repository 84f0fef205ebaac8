using System.Net;
using Spid.Client.Http;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Http;

/// <content>The service answers 401.</content>
internal sealed partial class SpidTokenHandlerTests
{
    [TestCase("""{"error":"invalid_token","error_code":401,"type":"OAuthException","error_description":"The access token \"x\" is invalid, realm=\"Service\""}""", Description = "V20")]
    [TestCase("""{"error":"expired_token","error_code":"401","type":"OAuthException"}""", Description = "V22")]
    [TestCase("""{"error":{"code":401,"type":"invalid_token","description":"bad"}}""")]
    [TestCase("""{"name":"SPP Container","code":401,"type":"error","error":{"code":401,"type":"expired_token","description":{"token":"old"}},"data":null}""")]
    [TestCase("")]
    [TestCase("<html>insufficient_scope</html>")]
    [TestCase("[1,2")]
    public async Task SendAsync_TokenRefused_RenewsAndRepeatsOnce(string body, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(call => call.Token == "token-1" ? StubApi.Unauthorized(body) : new HttpResponseMessage(HttpStatusCode.OK));

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-2" }));
            Assert.That(rig.Spid.Count, Is.EqualTo(2));
        }
    }

    [Test(Description = "V21")]
    public async Task SendAsync_RenewedTokenRefusedToo_GivesTheSecond401ToTheCaller(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(call => StubApi.Unauthorized($"answer {call.Number}", "text/plain"));

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(await response.Content.ReadAsStringAsync(cancellationToken), Is.EqualTo("answer 2"));
            Assert.That(rig.Api.Count, Is.EqualTo(2));
            Assert.That(rig.Spid.Count, Is.EqualTo(2));
        }
    }

    [TestCase(HttpStatusCode.Forbidden, Description = "V24")]
    [TestCase(HttpStatusCode.BadRequest)]
    [TestCase(HttpStatusCode.ProxyAuthenticationRequired)]
    [TestCase(HttpStatusCode.ServiceUnavailable)]
    public async Task SendAsync_OtherError_GoesToTheCallerUntouched(HttpStatusCode status, CancellationToken cancellationToken)
    {
        const string Body = """{"name":"SPP Container","error":{"code":403,"type":"ApiException","description":"Token is not authorized to access this user."}}""";
        using var rig = new ApiRig();
        HttpResponseMessage answer = StubSpid.Json(status, Body);
        HttpContent content = answer.Content;
        rig.Api.AnswerWith(_ => answer);

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", HttpCompletionOption.ResponseHeadersRead, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response, Is.SameAs(answer));
            Assert.That(response.Content, Is.SameAs(content));
            Assert.That(await response.Content.ReadAsStringAsync(cancellationToken), Is.EqualTo(Body));
            Assert.That(rig.Api.Count, Is.EqualTo(1));
            Assert.That(rig.Spid.Count, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task SendAsync_TokenRefused_DisposesTheFirstResponse(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        HttpResponseMessage first = StubApi.Unauthorized();
        HttpContent content = first.Content;
        rig.Api.AnswerWith(call => call.Number == 1 ? first : new HttpResponseMessage(HttpStatusCode.OK));

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(() => content.ReadAsStream(cancellationToken), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task SendAsync_CallerCancelsDuringTheRenewal_DisposesTheResponse(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        using var impatience = new CancellationTokenSource();
        using HttpResponseMessage first = StubApi.Unauthorized();
        HttpContent content = first.Content;
        rig.Api.AnswerWith(_ => first);
        var renewing = new TaskCompletionSource();
        var never = new TaskCompletionSource<HttpResponseMessage>();
        rig.Spid.Answer = (number, _, _) =>
        {
            if (number == 1)
            {
                return Task.FromResult(StubSpid.Token("token-1"));
            }

            renewing.SetResult();
            return never.Task;
        };

        Task<HttpResponseMessage> call = rig.Client.GetAsync("messages", impatience.Token);
        await renewing.Task.WaitAsync(cancellationToken);
        await impatience.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await content.ReadAsStringAsync(cancellationToken), Throws.TypeOf<ObjectDisposedException>());
        never.SetResult(StubSpid.Token("token-2"));
    }

    [TestCase(500)]
    [TestCase(400)]
    public async Task SendAsync_RenewalFails_GivesThe401ToTheCaller(int status, CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(client: options => options.Resilience.RetryAttempts = 0);
        rig.Api.AnswerWith(_ => StubApi.Unauthorized("""{"error":"invalid_token"}"""));
        rig.Spid.AnswerWith(number => number == 1 ? StubSpid.Token("token-1") : StubSpid.Error(status, "invalid_client"));

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(await response.Content.ReadAsStringAsync(cancellationToken), Is.EqualTo("""{"error":"invalid_token"}"""));
            Assert.That(rig.Api.Count, Is.EqualTo(1));
            Assert.That(rig.Logs.GetSnapshot().Select(record => record.Id.Name), Has.Member("RenewalFailed"));
        }
    }

    [Test]
    public async Task SendAsync_RenewOnUnauthorizedOff_GivesThe401ToTheCaller(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig(options => options.RenewOnUnauthorized = false);
        rig.Api.Refuse("token-1");

        using HttpResponseMessage first = await rig.Client.GetAsync("messages", cancellationToken);
        using HttpResponseMessage second = await rig.Client.GetAsync("messages", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "token-1", "token-1" }));
            Assert.That(rig.Spid.Count, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task SendAsync_SecretChangedWhileTheRequestWasUnderWay_RenewsWithTheNewSecret(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Api.AnswerWith(call =>
        {
            if (call.Number == 1)
            {
                SpidClientOptions changed = TestClient.Options();
                changed.ClientSecret = "the-secret-after-the-switch";
                rig.Tokens.Apply(changed);
                return StubApi.Unauthorized();
            }

            return new HttpResponseMessage(HttpStatusCode.OK);
        });
        string newSecret = "Basic " + Convert.ToBase64String("4e8463569caf7ca019000007:the-secret-after-the-switch"u8);

        using HttpResponseMessage response = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(rig.Spid.Authorizations.Last(), Is.EqualTo(newSecret));
    }

    [Test]
    public async Task SendAsync_RequestHasItsOwnToken_RenewsThatOne(CancellationToken cancellationToken)
    {
        using var rig = new ApiRig();
        rig.Spid.Answer = (number, form, _) => Task.FromResult(StubSpid.Token($"{ScopeIn(form)}-{number}"));
        using HttpResponseMessage other = await rig.Client.GetAsync("messages", cancellationToken);
        rig.Api.Refuse("admin-2");

        using var request = new HttpRequestMessage(HttpMethod.Get, "messages");
        using HttpResponseMessage response = await rig.Client.SendAsync(request.WithSpidScope("admin"), cancellationToken);
        using HttpResponseMessage again = await rig.Client.GetAsync("messages", cancellationToken);

        Assert.That(rig.Api.Tokens, Is.EqualTo(new[] { "read:messages-1", "admin-2", "admin-3", "read:messages-1" }));
    }
}
