using System.Net;
using System.Text;
using RichardSzalay.MockHttp;
using Spid.Client.Tests.Shared;

namespace Spid.Client.Tests.Protocol;

/// <content>The answers that SPiD's documentation and SDKs show, V1 to V11.</content>
[CancelAfter(60_000)]
internal sealed partial class TokenEndpointTests
{
    private const string Opaque = "d2b4ee5c7f3a4be0a1f2c3d4e5f60718293a4b5c";
    private const string Basic = "Basic NGU4NDYzNTY5Y2FmN2NhMDE5MDAwMDA3OmZvb2Jhcg==";

    [Test(Description = "V1")]
    public Task RequestTokenAsync_LegacyAnswerOfAWeek_GivesAnUnscopedTokenOfSevenDays(CancellationToken cancellationToken) =>
        AssertLegacyAsync(604_800, 1_392_194_793, TimeSpan.FromDays(7), cancellationToken);

    [Test(Description = "V2")]
    public Task RequestTokenAsync_LegacyAnswerOfFourWeeks_GivesATokenOfTwentyEightDays(CancellationToken cancellationToken) =>
        AssertLegacyAsync(2_419_200, 1_398_246_344, TimeSpan.FromDays(28), cancellationToken);

    [Test(Description = "V3")]
    public async Task RequestTokenAsync_LegacyAnswerWithTokenType_GivesItsToken(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.Expect().WithHeaders("Authorization", Basic).WithExactFormData("grant_type=client_credentials").Respond(
            "application/json",
            """{"access_token":"123","expires_in":2419200,"scope":null,"user_id":false,"is_admin":false,"refresh_token":"abc","token_type":"Bearer","server_time":1506072711}""");

        ServerToken token = await spid.Tokens.RequestTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("123"));
        spid.Http.VerifyNoOutstandingExpectation();
    }

    [Test(Description = "V4")]
    public async Task GetTokenAsync_JwtAnswerOf900Seconds_IsCachedForAboutAQuarterOfAnHourAndNeverRefreshedByRefreshToken(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid(options => options.Scope = "openid profile");
        MockedRequest endpoint = spid.Http.When(HttpMethod.Post, MockSpid.TokenEndpoint)
            .WithExactFormData([new("grant_type", "client_credentials"), new("scope", "openid profile")]);
        endpoint.Respond("application/json", """{"access_token":"a.b.c","expires_in":900,"scope":"openid profile","token_type":"Bearer"}""");

        ServerToken token = await spid.Tokens.GetTokenAsync(cancellationToken);
        spid.Time.Advance(TimeSpan.FromSeconds(680));
        await spid.Tokens.GetTokenAsync(cancellationToken);
        int whileFresh = spid.Http.GetMatchCount(endpoint);
        spid.Time.Advance(TimeSpan.FromSeconds(220));
        await spid.Tokens.GetTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Scope, Is.EqualTo("openid profile"));
            Assert.That(token.ExpiresAt, Is.EqualTo(spid.Time.Start + TimeSpan.FromSeconds(900)));
            Assert.That(whileFresh, Is.EqualTo(1));
            Assert.That(spid.Http.GetMatchCount(endpoint), Is.EqualTo(2));
        }
    }

    [Test(Description = "V5")]
    public async Task RequestTokenAsync_DocumentationSampleWithTrailingComma_IsAccepted(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways(HttpStatusCode.OK, """{"access_token":"a.b.c","expires_in":900,"scope":"openid profile","token_type":"Bearer",}""");

        ServerToken token = await spid.Tokens.RequestTokenAsync(cancellationToken);

        Assert.That(token.AccessToken, Is.EqualTo("a.b.c"));
    }

    [Test(Description = "V6")]
    public async Task RequestTokenAsync_ScopesAndResource_AreEachSentOnceAndEncoded(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        var request = new TokenRequest("read:messages write:messages", "https://service.schibsted.com/messages");

        SentRequest sent = await spid.CaptureAsync(request, cancellationToken);

        Assert.That(sent.Form, Is.EqualTo(
            "grant_type=client_credentials&scope=read%3Amessages+write%3Amessages&resource=https%3A%2F%2Fservice.schibsted.com%2Fmessages"));
    }

    [Test(Description = "V6: both are part of the cache key")]
    public async Task GetTokenAsync_OtherScopeOrResource_IsAnotherToken(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        int answers = 0;
        spid.Http.When(HttpMethod.Post, MockSpid.TokenEndpoint).Respond(_ => StubSpid.Token($"token-{++answers}"));
        TokenRequest[] requests = [new("read"), new("write"), new("read", "https://a.example"), new("read", "https://b.example"), new("read")];

        var tokens = new List<string>();
        foreach (TokenRequest request in requests)
        {
            tokens.Add((await spid.Tokens.GetTokenAsync(request, cancellationToken)).AccessToken);
        }

        Assert.That(tokens, Is.EqualTo(new[] { "token-1", "token-2", "token-3", "token-4", "token-1" }));
    }

    [Test(Description = "V7")]
    public async Task RequestTokenAsync_TwoResources_AreSentInTheOrderGiven(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        var request = new TokenRequest(null, "https://z.example/?q=1&r=ø", "https://a.example");

        SentRequest sent = await spid.CaptureAsync(request, cancellationToken);

        Assert.That(sent.Fields, Is.EqualTo(new[]
        {
            "grant_type=client_credentials",
            "resource=https%3A%2F%2Fz.example%2F%3Fq%3D1%26r%3D%C3%B8",
            "resource=https%3A%2F%2Fa.example",
        }));
    }

    [Test(Description = "V8")]
    public async Task RequestTokenAsync_MixedAnswerWithIdAndRefreshToken_UsesTheAccessTokenAlone(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways(HttpStatusCode.OK, """
            {"scope":"openid","user_id":"11156904","is_admin":false,"token_type":"Bearer","access_token":"a.b.c","refresh_token":"r.e.f",
            "expires_in":600,"id_token":"i.d.t","server_time":1519132011}
            """);

        ServerToken token = await spid.Tokens.RequestTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.AccessToken, Is.EqualTo("a.b.c"));
            Assert.That(token.Scope, Is.EqualTo("openid"));
            Assert.That(token.ExpiresAt, Is.EqualTo(spid.Time.Start + TimeSpan.FromSeconds(600)));
        }
    }

    [Test(Description = "V9")]
    public async Task RequestTokenAsync_LifetimeAsText_IsRead(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways(HttpStatusCode.OK, """{"access_token":"t","token_type":"Bearer","expires_in":"3600"}""");

        ServerToken token = await spid.Tokens.RequestTokenAsync(cancellationToken);

        Assert.That(token.ExpiresAt, Is.EqualTo(spid.Time.Start + TimeSpan.FromSeconds(3600)));
    }

    [Test(Description = "V10")]
    public async Task GetTokenAsync_AnswerWithoutAccessToken_IsAProtocolErrorAndNotCached(CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.Expect().Respond("application/json", """{"token_type":"Bearer","expires_in":300}""");
        spid.Expect().Respond("application/json", """{"access_token":"next","token_type":"Bearer","expires_in":300}""");

        SpidException failure = await spid.FailThroughCacheAsync(cancellationToken);
        double? cached = spid.Tokens.Cache.Default.SecondsLeft;
        spid.Time.Advance(TimeSpan.FromMinutes(1));
        ServerToken token = await spid.Tokens.GetTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Protocol));
            Assert.That(failure.Message, Does.Contain("it has no access_token"));
            Assert.That(failure.IsTransient, Is.False);
            Assert.That(cached, Is.Null);
            Assert.That(token.AccessToken, Is.EqualTo("next"));
        }
    }

    [TestCase("{}", "it has no access_token")]
    [TestCase("", "it is not JSON in UTF-8")]
    [TestCase("<html><body>Wq7Zk3VxT9bLm2RfYc8Hd5NsGj4PuEa6oXi0Kt1Bvw_</body></html>", "it is not JSON in UTF-8")]
    [Test(Description = "V11")]
    public async Task RequestTokenAsync_EmptyOrForeignBody_IsAProtocolErrorWithoutTheBody(string body, string fault, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.AnswerAlways(HttpStatusCode.OK, Encoding.UTF8.GetBytes(body));

        SpidException failure = await spid.FailAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Kind, Is.EqualTo(SpidErrorKind.Protocol));
            Assert.That(failure.SpidStatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(failure.Message, Is.EqualTo(
                $"{MockSpid.TokenEndpoint} answered 200, but the body cannot be used: {fault}. Check that Environment or Authority names a SPiD installation."));
            Canary.AssertAbsent(failure.ToString());
        }
    }

    private static async Task AssertLegacyAsync(int expiresIn, int serverTime, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        using var spid = new MockSpid();
        spid.Expect().WithHeaders("Authorization", Basic).WithExactFormData("grant_type=client_credentials").Respond(
            "application/json",
            $$"""{"access_token":"{{Opaque}}","expires_in":{{expiresIn}},"scope":null,"user_id":false,"is_admin":false,"refresh_token":"{{new string('f', 40)}}","server_time":{{serverTime}}}""");

        ServerToken token = await spid.Tokens.RequestTokenAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.AccessToken, Is.EqualTo(Opaque));
            Assert.That(token.Authorization.ToString(), Is.EqualTo("Bearer " + Opaque));
            Assert.That(token.ExpiresAt, Is.EqualTo(spid.Time.Start + lifetime));
            Assert.That(token.Scope, Is.Null);
            spid.Http.VerifyNoOutstandingExpectation();
        }
    }
}
